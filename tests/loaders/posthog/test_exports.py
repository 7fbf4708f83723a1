"""Mode export against the stand-in: two hosts, runs that fail, files that break off."""

import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from loaders.posthog.api.failures import DeadlineExceededError, TooLargeError
from loaders.posthog.api.http import Api
from loaders.posthog.api.limits import Deadline
from loaders.posthog.modes.export_runs import LONGEST, MOST_ROWS, Exports
from stand_ins.answers import Answer
from stand_ins.posthog import StandIn, Store, faults, fixtures
from stand_ins.posthog.access import SECRET_API_KEY, UNSCOPED_API_KEY
from stand_ins.posthog.export_runs import FAILED, FILE_LIFETIME, RunPlan
from stand_ins.posthog.file_host import URL_LIFETIME
from stand_ins.posthog.interceptors import after, instead
from stand_ins.posthog.parquet import Make
from stand_ins.posthog.script import When
from tests.helpers.posthog.project import (
    NAMES,
    NOW,
    YESTERDAY,
    Clock,
    event_rows,
    uuids,
)
from warehouse.errors import UserError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[StandIn]:
    """A project of 150 events, in New York's time."""
    store = Store("America/New_York")
    store.add("stored_events", event_rows(150))
    with StandIn(store, clock, pause=clock.sleep) as server:
        yield server


@pytest.fixture
def api(stand_in: StandIn, clock: Clock) -> Api:
    address = stand_in.address
    return Api(
        address.host,
        address.project_id,
        address.api_key,
        sleep=clock.sleep,
        deadline=Deadline(clock=lambda: clock.now.timestamp()),
    )


def read(
    api: Api,
    names: tuple[str, ...] = NAMES,
    start: datetime = YESTERDAY,
    expected_rows: int | None = None,
) -> Counter:
    """Return how often each uuid of the last day is read."""
    exports = Exports(api, patience=600)
    rows = exports.events(start, NOW, names, expected_rows)
    return Counter(uuid for table in rows for uuid in table["uuid"].to_pylist())


def asked(stand_in: StandIn) -> Counter:
    """Return how often each endpoint was asked."""
    return Counter(exchange.endpoint for exchange in stand_in.journal.exchanges)


def test_a_row_arrives_whole_and_in_utc(stand_in: StandIn, api: Api) -> None:
    properties = {"$session_id": "s", "$os": "iOS", "$lib": "web", "age": 33}
    at = YESTERDAY + timedelta(microseconds=1)
    rows = event_rows(
        1, 200, event="one", created_at=at, properties=json.dumps(properties)
    )
    stand_in.store.add("stored_events", rows)
    [table] = Exports(api).events(YESTERDAY, NOW, ["one"])
    [row] = rows.drop_columns("properties").to_pylist()
    properties = {"session_id": "s", "os": "iOS", "lib": "web"}
    assert table.to_pylist() == [{**row, **properties}]
    assert table.schema.field("created_at").type.tz == "UTC"


@pytest.mark.parametrize("parts", [1, 3])
def test_every_event_arrives_once(stand_in: StandIn, api: Api, parts: int) -> None:
    make = Make(parts=parts, extra_columns={"new_column": "new"})
    stand_in.exports.extend([RunPlan(make=make)])
    assert read(api) == uuids(150)
    assert asked(stand_in) == {
        "export": 1,
        "poll": 3,
        "download": parts,
        "file": parts,
    }
    assert api.host not in {
        exchange.request.parameters.get("Authorization")
        for exchange in stand_in.journal.of("file")
    }


def test_a_window_without_events_has_none(stand_in: StandIn, api: Api) -> None:
    assert read(api, ("unknown",)) == {}
    assert asked(stand_in) == {"export": 1, "poll": 3}


def test_a_window_known_to_be_empty_is_not_asked_for(
    stand_in: StandIn, api: Api
) -> None:
    assert read(api, expected_rows=0) == {}
    assert read(api, names=()) == {}
    assert not stand_in.journal.exchanges


def test_a_window_that_is_too_large_is_not_asked_for(
    stand_in: StandIn, api: Api
) -> None:
    with pytest.raises(TooLargeError):
        read(api, start=NOW - LONGEST - timedelta.resolution)
    with pytest.raises(TooLargeError):
        read(api, expected_rows=MOST_ROWS + 1)
    assert not stand_in.journal.exchanges
    assert read(api, start=NOW - LONGEST, expected_rows=MOST_ROWS) == uuids(150)


def test_the_window_is_the_time_of_arrival(stand_in: StandIn, api: Api) -> None:
    held_up = fixtures.visible_late(YESTERDAY - DAY, 30 * HOUR)
    wrong_clock = fixtures.at_impossible_times(YESTERDAY)
    together = fixtures.on_one_microsecond(YESTERDAY)
    before = event_rows(9, 200, created_at=YESTERDAY - timedelta.resolution)
    after = event_rows(9, 300, created_at=NOW)
    expected = Counter()
    for rows in (held_up, wrong_clock, together):
        expected.update(rows["uuid"].to_pylist())
    for rows in (held_up, wrong_clock, together, before, after):
        stand_in.store.add("stored_events", rows)
    assert read(api) == uuids(150) + expected


def test_names_may_hold_anything(stand_in: StandIn, api: Api) -> None:
    rows = fixtures.with_awkward_names(YESTERDAY)
    stand_in.store.add("stored_events", rows)
    names = tuple(rows["event"].to_pylist())
    assert read(api, names) == Counter(rows["uuid"].to_pylist())
    assert read(api, names[2:3]) == Counter(rows["uuid"].to_pylist()[2:3])


def test_a_column_that_is_missing_is_named(stand_in: StandIn, api: Api) -> None:
    stand_in.exports.extend([RunPlan(make=Make(missing_columns=["distinct_id"]))])
    with pytest.raises(UserError, match="file .* of an export run lacks distinct_id"):
        read(api)


def test_lost_rows_fail_the_run_and_the_next_one_is_taken(
    stand_in: StandIn, api: Api
) -> None:
    stand_in.exports.extend([RunPlan(make=Make(lost_rows=1))])
    assert read(api) == uuids(150)
    assert asked(stand_in)["export"] == 2
    assert asked(stand_in)["file"] == 3


@pytest.mark.parametrize(
    "make", [Make(lost_rows=2), Make(lost_rows=2, repeated_rows=3)]
)
def test_rows_that_stay_lost_are_an_error(
    stand_in: StandIn, api: Api, make: Make
) -> None:
    stand_in.exports.extend([RunPlan(make=make)] * 2)
    with pytest.raises(UserError, match="an export of 150 rows gave 148"):
        read(api)
    assert asked(stand_in)["export"] == 2


def test_rows_may_come_twice(stand_in: StandIn, api: Api) -> None:
    stand_in.exports.extend([RunPlan(make=Make(repeated_rows=2, parts=2))])
    assert read(api) == uuids(150) + uuids(2)


@pytest.mark.parametrize("status", ["Failed", "FailedRetryable", "TimedOut"])
def test_a_run_that_failed_is_started_again(
    stand_in: StandIn, api: Api, status: str
) -> None:
    stand_in.exports.extend([RunPlan(("Running", status))] * 2)
    assert read(api) == uuids(150)
    assert asked(stand_in)["export"] == 3


@pytest.mark.parametrize(
    ("status", "runs"),
    [*zip(FAILED, (3, 3, 1, 1, 3), strict=True), ("Cancelled", 1)],
)
def test_runs_that_keep_failing_are_an_error(
    stand_in: StandIn, api: Api, status: str, runs: int
) -> None:
    stand_in.exports.extend([RunPlan(("Running", status))] * 3)
    with pytest.raises(UserError, match=f"status {status}") as error:
        read(api)
    assert asked(stand_in)["export"] == runs
    assert "\n" not in str(error.value)


def test_an_unknown_status_is_waited_for(
    stand_in: StandIn, api: Api, clock: Clock
) -> None:
    statuses = ("Archiving", "Archiving", "Archiving", "Completed")
    stand_in.exports.extend([RunPlan(statuses)])
    assert read(api) == uuids(150)
    assert clock.waits == sorted(set(clock.waits)), "the pauses grow"


@pytest.mark.parametrize("status", ["Running", "Archiving"])
def test_a_run_that_never_ends_is_cancelled(
    stand_in: StandIn, api: Api, clock: Clock, status: str
) -> None:
    stand_in.exports.extend([RunPlan(("Starting", status))])
    with pytest.raises(UserError, match=f"run is '{status}' after 10 minutes"):
        read(api)
    assert 600 <= sum(clock.waits) <= 660
    assert max(clock.waits) == 60
    assert asked(stand_in)["cancel"] == 1
    assert read(api) == uuids(150)


def test_the_load_ends_at_its_deadline(stand_in: StandIn, api: Api) -> None:
    stand_in.exports.extend([RunPlan(("Running",))])
    hurried = replace(api, deadline=Deadline(0.1, api.deadline.clock))
    with pytest.raises(DeadlineExceededError, match="load again to go on"):
        read(hurried)
    assert asked(stand_in)["cancel"] == 1


def test_another_run_is_waited_for(stand_in: StandIn, api: Api) -> None:
    stand_in.exports.extend([RunPlan(("Running",) * 5 + ("Completed",))])
    api.post(
        "environments/{project}/file_download_batch_exports/",
        {
            "model": "events",
            "file": {"format": "Parquet"},
            "data_interval_start": YESTERDAY.isoformat(),
            "data_interval_end": NOW.isoformat(),
        },
    )
    assert read(api) == uuids(150)
    refused = [entry for entry in stand_in.journal.of("export") if entry.status == 409]
    assert len(refused) == 6


@pytest.mark.parametrize(
    ("status", "code"), [(409, "conflict"), (429, "too_many_concurrent_file_downloads")]
)
def test_other_runs_are_not_waited_for_for_ever(
    stand_in: StandIn, api: Api, clock: Clock, status: int, code: str
) -> None:
    busy = instead(faults.fails(status, code))
    stand_in.faults.intercept(busy, When("export", times=None))
    with pytest.raises(UserError, match=f"under way .*{status}.* after 10 minutes"):
        read(api)
    assert 600 <= sum(clock.waits) <= 660


def test_a_run_whose_start_was_not_heard_of_is_waited_for(
    stand_in: StandIn, api: Api
) -> None:
    stand_in.faults.play(faults.resets, When("export"))
    assert read(api) == uuids(150)
    assert [entry.status for entry in stand_in.journal.of("export")][1] == 409


@pytest.mark.parametrize("endpoint", ["export", "poll", "download"])
@pytest.mark.parametrize(
    "fault", [faults.fails(429), faults.fails(500), faults.fails(503), faults.resets]
)
def test_a_passing_fault_is_waited_out(
    stand_in: StandIn, api: Api, endpoint: str, fault: faults.Fault
) -> None:
    stand_in.faults.play(fault, When(endpoint, first=1, times=2))
    assert read(api) == uuids(150)


@pytest.mark.parametrize(
    "fault",
    [
        faults.fails(500),
        faults.fails(503),
        faults.fails(403),
        faults.resets,
        faults.ends_early,
    ],
)
def test_a_file_that_breaks_off_is_fetched_again(
    stand_in: StandIn, api: Api, fault: faults.Fault
) -> None:
    stand_in.exports.extend([RunPlan(make=Make(parts=3))])
    stand_in.faults.play(fault, When("file", first=2, times=2))
    assert read(api) == uuids(150)
    assert asked(stand_in)["export"] == 1
    assert asked(stand_in)["file"] == 5


def test_a_file_that_does_not_come_is_fetched_again(
    stand_in: StandIn, api: Api
) -> None:
    stand_in.faults.play(faults.hangs, When("file"))
    assert read(replace(api, timeouts=(5, 0.5))) == uuids(150)
    assert asked(stand_in)["file"] > 1


def test_a_file_that_comes_in_drops_is_fetched_again(clock: Clock) -> None:
    looked = threading.Event()

    def look() -> float:
        looked.set()
        return clock.now.timestamp()

    def pause(seconds: float) -> None:
        """Let time pass once the loader has seen what time it was before."""
        looked.wait(1)
        looked.clear()
        clock.sleep(seconds)

    store = Store("America/New_York")
    store.add("stored_events", event_rows(150))
    with StandIn(store, clock, pause=pause) as stand_in:
        stand_in.faults.play(faults.drips(400), When("file"))
        address = stand_in.address
        api = Api(
            address.host,
            address.project_id,
            address.api_key,
            sleep=clock.sleep,
            deadline=Deadline(clock=look),
        )
        assert read(api) == uuids(150)
        assert asked(stand_in)["file"] > 1


def test_a_file_that_ends_early_and_looks_sound_is_fetched_again(
    stand_in: StandIn, api: Api
) -> None:
    stand_in.faults.play(faults.is_no_json, When("file"))
    assert read(api) == uuids(150)
    assert asked(stand_in)["file"] == 2


def test_a_file_host_that_stays_down_ends_the_load(stand_in: StandIn, api: Api) -> None:
    stand_in.faults.play(faults.fails(503), When("file", times=None))
    with pytest.raises(UserError, match="status 503 of the file host"):
        read(api)
    assert asked(stand_in)["file"] == 8


def test_an_address_that_is_too_old_is_asked_for_again(
    stand_in: StandIn, api: Api, clock: Clock
) -> None:
    late = after(lambda: clock.sleep(URL_LIFETIME.total_seconds()))
    stand_in.faults.intercept(late, When("download"))
    assert read(api) == uuids(150)
    assert asked(stand_in)["download"] == 2


def test_files_that_are_gone_are_exported_again(
    stand_in: StandIn, api: Api, clock: Clock
) -> None:
    stand_in.exports.extend([RunPlan(make=Make(parts=2))])
    patient = replace(api, deadline=Deadline(1000, api.deadline.clock))
    late = after(lambda: clock.sleep(FILE_LIFETIME.total_seconds()))
    stand_in.faults.intercept(late, When("file"))
    assert read(patient) == uuids(150)
    assert asked(stand_in)["export"] == 2


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("phx_wrong", "status 401"),
        (UNSCOPED_API_KEY, "status 403"),
        (SECRET_API_KEY, "status 403.*batch_export:write"),
    ],
)
def test_a_refusal_is_told_at_once_without_the_key(
    stand_in: StandIn, api: Api, clock: Clock, key: str, message: str
) -> None:
    with pytest.raises(UserError, match=message) as error:
        read(replace(api, api_key=key))
    assert key not in str(error.value)
    assert not clock.waits


def test_a_key_that_posthog_repeats_is_struck_out(stand_in: StandIn, api: Api) -> None:
    def quotes_key(_: Answer) -> Answer:
        content = {"status": "Terminated", "error": f"{api.api_key}\nis bad"}
        return Answer(200, json.dumps(content).encode())

    stand_in.faults.play(quotes_key, When("poll"))
    with pytest.raises(UserError, match=r"status Terminated: \*\*\* is bad; "):
        read(api)


def test_no_file_has_a_name_on_this_machine(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for _ in Exports(api).events(YESTERDAY, NOW, NAMES):
        assert not list(tmp_path.iterdir())


def test_a_disk_without_room_is_told(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(UserError, match="set TMPDIR"):
        read(api)
