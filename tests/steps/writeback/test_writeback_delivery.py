"""How the write-back delivers: what PostHog accepted, and where nothing may go."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loaders.posthog.api.failures import TRIES
from stand_ins.answers import Answer
from stand_ins.posthog import StandIn, Store, faults, interceptors
from stand_ins.posthog.script import When
from steps.writeback.allow_list import Kind
from steps.writeback.events import Event, batches
from tests.conftest import change
from tests.helpers.posthog.project import Clock
from tests.steps.report.report_warehouse import UP
from tests.steps.writeback.writeback_warehouse import (
    ALL,
    WriteBack,
    accepted,
    destination,
    ledger_rows,
    one_line,
    sent,
)

# 102 verdicts and 6 segments: two batches
MANY = {f"campaign {number:03}": UP for number in range(51)}


def sent_cleanly(write_back: WriteBack) -> list[tuple]:
    """Return what a project holds after all was sent without a fault, and forget it."""
    with StandIn(Store(), Clock()) as other:
        undisturbed = WriteBack(write_back.url, destination(other))
        assert undisturbed(*ALL)[0] == 0
        change(write_back.url, "drop schema writeback cascade")
        return accepted(other)


@pytest.mark.parametrize("lead", [interceptors.on_answer, interceptors.instead])
def test_a_failing_posthog_and_a_repeat_are_one_clean_send(
    lead: Callable, new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back(MANY)
    expected = sent_cleanly(write_back)
    # the first batch passes, the second never does
    fails = When("capture", first=2, times=TRIES)
    stand_in.faults.intercept(lead(faults.fails(500)), fails)
    code, printed, errors = write_back(*ALL)
    assert (code, printed) == (1, "")
    assert "no sound answer in 8 tries (status 500: Fault 500.)" in one_line(errors)
    assert "100 of 108 events are delivered" in errors
    assert len(write_back.clock.waits) == TRIES - 1
    assert all(1 <= seconds <= 60 for seconds in write_back.clock.waits)
    first = [event["uuid"] for event in sent(stand_in)[:100]]
    assert {row["event_uuid"] for row in ledger_rows(write_back.url)} == set(first)
    assert write_back(*ALL)[1] == (
        "PostHog accepted 8 events; 100 were delivered before\n"
    )
    assert accepted(stand_in) == expected


@pytest.mark.parametrize(
    "fault",
    [
        faults.ends_early,
        faults.is_no_json,
        faults.resets,
        faults.fails(429),
        faults.fails(503),
    ],
)
def test_a_passing_fault_is_waited_out(
    fault: faults.Fault, new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back({"up": UP})
    expected = sent_cleanly(write_back)
    stand_in.faults.play(fault, When("capture"))
    assert write_back(*ALL)[0] == 0
    assert len(write_back.clock.waits) == 1
    assert accepted(stand_in) == expected


def test_retry_after_is_obeyed(new_write_back: Callable, stand_in: StandIn) -> None:
    write_back = new_write_back({"up": UP})
    stand_in.faults.play(faults.fails(429, retry_after=7), When("capture"))
    assert write_back(*ALL)[0] == 0
    assert write_back.clock.waits == [7]


def test_killed_before_the_ledger_knows_a_repeat_adds_nothing(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back(MANY)
    expected = sent_cleanly(write_back)
    processes = []
    kill = interceptors.after(lambda: processes[0].kill())
    stand_in.faults.intercept(kill, When("capture"))
    processes.append(write_back.start(*ALL))
    assert processes[0].wait(timeout=60) == -9
    assert len(accepted(stand_in)) == 100
    assert ledger_rows(write_back.url) == []
    assert write_back(*ALL)[0] == 0
    assert accepted(stand_in) == expected
    assert len(ledger_rows(write_back.url)) == len(expected)


def test_a_ledger_that_cannot_be_written_is_one_line(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back({"up": UP})
    change(write_back.url, "create schema writeback")
    change(write_back.url, "create table writeback.deliveries (kind varchar)")
    code, _, errors = write_back(*ALL)
    assert code == 1
    one_line(errors)
    assert stand_in.journal.exchanges == []


def test_a_wrong_key_is_one_line_without_the_key(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back()
    write_back.environment["POSTHOG_PROJECT_KEY"] = "phc_wrong"
    code, printed, errors = write_back(*ALL)
    assert (code, printed) == (1, "")
    assert "status 401: Project API key invalid." in one_line(errors)
    assert "check POSTHOG_PROJECT_KEY" in errors
    assert "phc_wrong" not in errors
    assert len(stand_in.journal.exchanges) == 1
    assert ledger_rows(write_back.url) == []


def test_no_secret_is_told_or_written(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    write_back = new_write_back()
    key = stand_in.address.project_token
    body = json.dumps({"detail": f"no\nproject {key}"}).encode()
    stand_in.faults.play(lambda _: Answer(400, body), When("capture"))
    code, printed, errors = write_back(*ALL)
    assert code == 1
    assert "status 400: no project ***" in one_line(errors)
    assert write_back(*ALL)[0] == 0
    assert key not in printed + errors
    file = Path(write_back.url.removeprefix("duckdb:///"))
    assert key.encode() not in file.read_bytes()


def test_a_redirect_is_not_followed(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    location = {"Location": f"{stand_in.address.host}/elsewhere"}
    stand_in.faults.play(lambda _: Answer(301, b"", location), When("capture"))
    code, _, errors = new_write_back()(*ALL)
    assert code == 1
    assert "POSTHOG_HOST leads to another address" in one_line(errors)
    assert len(stand_in.journal.exchanges) == 1


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"POSTHOG_HOST": ""}, "POSTHOG_HOST is not set"),
        ({"POSTHOG_PROJECT_KEY": ""}, "POSTHOG_PROJECT_KEY is not set"),
        ({"POSTHOG_PROJECT_KEY": "phx_mine"}, "POSTHOG_PROJECT_KEY is a secret key"),
        ({"POSTHOG_HOST": "eu.posthog.com"}, "POSTHOG_HOST is no address"),
        ({"POSTHOG_HOST": "http://[::1"}, "POSTHOG_HOST is no address"),
        ({"POSTHOG_HOST": "http://127.0.0.1:9"}, "127.0.0.1:9 is out of reach"),
    ],
)
def test_a_project_that_is_not_named_well(
    variables: dict[str, str], line: str, new_write_back: Callable
) -> None:
    write_back = new_write_back()
    write_back.environment |= variables
    code, printed, errors = write_back(*ALL)
    assert (code, printed) == (1, "")
    assert line in one_line(errors)


@pytest.mark.parametrize(
    "host",
    ["https://eu.posthog.com", "https://127.0.0.1.example", "http://localhost.example"],
)
def test_demo_data_goes_to_no_real_project(host: str, new_write_back: Callable) -> None:
    write_back = new_write_back(origin="demo")
    write_back.environment["POSTHOG_HOST"] = host
    code, _, errors = write_back(*ALL)
    assert code == 1
    assert "the warehouse holds demo data" in one_line(errors)


def test_demo_data_goes_to_a_local_stand_in(
    new_write_back: Callable, stand_in: StandIn
) -> None:
    assert new_write_back(origin="demo")("segments", "--send")[0] == 0
    assert len(accepted(stand_in)) == 6


def test_a_warehouse_that_was_never_loaded(
    working_directory: Path, new_warehouse: Callable
) -> None:
    code, _, errors = WriteBack(new_warehouse("duckdb"), {})("verdicts")
    assert code == 1
    assert "run `make load` first" in one_line(errors)


def events(count: int, characters: int) -> list[Event]:
    """Return events with a text of so many characters."""
    kind = Kind("verdicts", "push campaign verdict", {}, "growth-warehouse", {})
    happened_at = datetime(2026, 10, 1, tzinfo=UTC)
    text = {"text": "é" * characters}
    return [Event(kind, str(number), happened_at, text) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "characters", "sizes"),
    [(0, 1, []), (100, 1, [100]), (250, 1, [100, 100, 50]), (5, 60_000, [2, 2, 1])],
)
def test_batches_are_small(count: int, characters: int, sizes: list[int]) -> None:
    given = events(count, characters)
    cut = list(batches(given))
    assert [len(batch) for batch in cut] == sizes
    assert [event for batch in cut for event in batch] == given
    for batch in cut:
        body = json.dumps([event.message() for event in batch])
        assert len(body.encode()) < 900 * 1024
