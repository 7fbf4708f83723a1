"""The PostHog loader when PostHog fails, refuses or lies."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.failures import DeadlineExceededError
from loaders.posthog.api.http import Api
from loaders.posthog.modes.query import NOW as SERVER_NOW
from stand_ins.answers import Answer
from stand_ins.posthog import StandIn, Store, faults
from stand_ins.posthog.limits import Allowance
from stand_ins.posthog.query_api import UNSCOPED_API_KEY
from tests.helpers.posthog.project import (
    YESTERDAY,
    Clock,
    Project,
    running_project,
    uuids,
)
from warehouse.errors import UserError

DAY = timedelta(days=1)


@pytest.fixture
def project() -> Iterator[Project]:
    """An empty project with pages of 100 rows."""
    with running_project() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    "fault",
    [
        faults.ends_early,
        faults.is_no_json,
        faults.reports_error,
        faults.claims_cache,
        faults.fails(429),
        faults.fails(500),
        faults.fails(503),
    ],
)
def test_a_passing_fault_is_waited_out(project: Project, fault: faults.Fault) -> None:
    project.add(50)
    for place in range(3):
        project.clock.waits.clear()
        project.stand_in.faults.extend([None] * place + [fault] * 2)
        assert project.load() == uuids(50)
        assert len(project.clock.waits) == 2
        assert all(1 <= seconds <= 60 for seconds in project.clock.waits)


@pytest.mark.parametrize("fault", [faults.claims_cache, faults.fails(503)])
def test_a_fault_that_stays_ends_the_load(
    project: Project, fault: faults.Fault
) -> None:
    project.add(50)
    project.stand_in.faults.extend([None, None] + [fault] * 8)
    with pytest.raises(UserError, match="no sound answer in 8 tries"):
        project.load()
    assert len(project.clock.waits) == 7


def test_retry_after_is_obeyed(project: Project) -> None:
    project.add(50)
    project.stand_in.faults.append(faults.fails(429, retry_after=3600))
    assert project.load() == uuids(50)
    assert project.clock.waits == [3600]


def test_nobody_waits_for_what_is_given_up(project: Project) -> None:
    api = replace(project.api, sleep=None)

    class GivesUp(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            assert "trying again in 3600 s" in record.getMessage()
            api.deadline.give_up()

    logger, handler = logging.getLogger("loaders.posthog.api.http"), GivesUp()
    logger.addHandler(handler)
    project.stand_in.faults.append(faults.fails(429, retry_after=3600))
    with pytest.raises(DeadlineExceededError):
        PostHogClient(api).query("select now() as server_now", {}, SERVER_NOW)
    logger.removeHandler(handler)


def test_a_load_keeps_to_the_rate_limit() -> None:
    allowance = Allowance(requests_per_minute=5, requests_per_hour=1000)
    with running_project(page_cap=20, allowance=allowance) as project:
        project.add(200)
        assert project.load() == uuids(200)
        assert sum(project.clock.waits) > 60


@pytest.mark.parametrize("status", [504, 512])
def test_a_query_that_takes_too_long_is_cut(project: Project, status: int) -> None:
    project.add(90, timestamp=[YESTERDAY - n % 3 * DAY for n in range(90)])
    for script in ([None, 1], [None, 1, 1], [None, None, 1], [None, None, 1, 1, 1]):
        fault = faults.fails(status)
        project.stand_in.faults.extend(place and fault for place in script)
        assert project.load() == uuids(90)
        assert not project.clock.waits


@pytest.mark.parametrize(
    ("api_key", "project_id", "message"),
    [
        ("phx_secret", "1", "status 401.*POSTHOG_API_KEY"),
        (UNSCOPED_API_KEY, "1", "status 403.*query:read"),
        ("phx_stand_in", "2", "status 403.*POSTHOG_PROJECT_ID"),
        ("phx_stand_in", "1/nothing", "status 404.*POSTHOG_HOST"),
        ("phx_two\nlines", "1", "POSTHOG_API_KEY"),
    ],
)
def test_a_refusal_is_told_at_once_without_the_key(
    project: Project, api_key: str, project_id: str, message: str
) -> None:
    host = project.stand_in.address.host
    client = PostHogClient(Api(host, project_id, api_key, sleep=project.clock.sleep))
    with pytest.raises(UserError, match=message) as error:
        client.query("select now() as server_now", {}, SERVER_NOW)
    assert api_key.splitlines()[0] not in str(error.value) + repr(client)
    assert "\n" not in str(error.value)
    assert error.value.__context__ is None, "the cause could quote the key"
    assert not project.clock.waits


@pytest.mark.parametrize("status", [400, 402, 302])
def test_what_posthog_refuses_is_not_asked_again(project: Project, status: int) -> None:
    project.stand_in.faults.append(faults.fails(status))
    with pytest.raises(UserError, match=f"status {status}: Fault {status}"):
        project.load()
    assert not project.clock.waits


def test_the_key_does_not_follow_a_redirect(project: Project) -> None:
    with running_project() as other:
        location = {"Location": f"{other.stand_in.address.host}/api/projects/1/query/"}
        project.stand_in.faults.append(lambda _: Answer(307, b"{}", location))
        with pytest.raises(UserError, match="status 307"):
            project.load()


def test_a_key_that_posthog_repeats_is_struck_out(project: Project) -> None:
    def quotes_key(_: Answer) -> Answer:
        content = {"detail": f"the key {project.api.api_key} is unknown"}
        return Answer(401, json.dumps(content).encode())

    project.stand_in.faults.append(quotes_key)
    with pytest.raises(UserError, match=r"the key \*\*\* is unknown"):
        project.load()


def test_a_column_that_is_missing_is_named(project: Project) -> None:
    def drops_column(answer: Answer) -> Answer:
        content = json.loads(answer.body.replace(b"server_now", b"other"))
        return Answer(200, json.dumps(content).encode())

    project.stand_in.faults.append(drops_column)
    with pytest.raises(UserError, match="the answer lacks server_now"):
        project.load()


def test_columns_are_read_by_name(project: Project) -> None:
    def turns_columns(answer: Answer) -> Answer:
        content = json.loads(answer.body)
        content["columns"] = [*content["columns"][::-1], "new"]
        content["results"] = [[*row[::-1], None] for row in content["results"]]
        return Answer(200, json.dumps({**content, "more": 1}).encode())

    project.add(20)
    project.stand_in.faults.extend([turns_columns] * 3)
    assert project.load() == uuids(20)


def test_a_time_without_a_zone_is_not_guessed(project: Project) -> None:
    def strips_zone(answer: Answer) -> Answer:
        return Answer(200, answer.body.replace(b"-04:00", b""))

    project.stand_in.faults.append(strips_zone)
    with pytest.raises(UserError, match="server_now changed type"):
        project.load()


@pytest.mark.parametrize("half", [rb"\ud83d", b"\xf0\x9f"])
def test_a_text_that_was_cut_in_a_character_stops_no_event(
    half: bytes, project: Project
) -> None:
    def cuts(answer: Answer) -> Answer:
        return replace(answer, body=answer.body.replace(b"iOS", b"iOS" + half))

    project.add(20, properties='{"$os": "iOS"}')
    project.stand_in.faults.extend([cuts] * 5)
    [verified] = project.read()
    [rows] = verified.rows
    assert set(rows["os"].to_pylist()) == {"iOS\N{REPLACEMENT CHARACTER}"}


def test_a_host_out_of_reach_is_told_soon(clock: Clock) -> None:
    store = Store()
    with StandIn(store, clock) as stand_in:
        host = stand_in.address.host
    client = PostHogClient(Api(host, "1", "phx_secret", sleep=clock.sleep))
    with pytest.raises(UserError, match=f"{host} is out of reach"):
        client.query("select now() as server_now", {}, SERVER_NOW)
    assert len(clock.waits) == 2
