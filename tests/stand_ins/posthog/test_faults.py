"""Each fault of the stand-in, as a client of it sees it."""

from collections.abc import Callable

import pytest
import requests

from stand_ins.posthog import StandIn, faults, fixtures
from stand_ins.posthog.interceptors import after
from stand_ins.posthog.script import When
from tests.helpers.posthog.project import YESTERDAY, Clock
from tests.stand_ins.posthog.client import ask, rows

PAGE = "select uuid, event from events order by uuid limit 100"
COUNT = "select count() from events"


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        (faults.fails(429, retry_after=7), 429, "error", "7"),
        (faults.fails(429, "throttled"), 429, "throttled", None),
        (faults.spends_budget(), 429, "api_queries_budget_exceeded", "3600"),
        (faults.fails(402, "quota_limit_exceeded"), 402, "quota_limit_exceeded", None),
        (faults.fails(500), 500, "error", None),
        (faults.fails(503), 503, "error", None),
        (faults.fails(504), 504, "error", None),
        (faults.fails(512), 512, "error", None),
    ],
)
def test_an_error_replaces_one_answer(
    stand_in: StandIn,
    fault: faults.Fault,
    status: int,
    code: str,
    retry_after: str | None,
) -> None:
    stand_in.faults.extend([None, fault])
    assert ask(stand_in, PAGE).status_code == 200
    response = ask(stand_in, PAGE)
    assert response.status_code == status
    assert response.json().keys() == {"type", "code", "detail", "attr"}
    assert response.json()["code"] == code
    assert response.headers.get("Retry-After") == retry_after
    assert ask(stand_in, PAGE).status_code == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.resets, requests.ConnectionError),
        (faults.ends_early, requests.exceptions.ChunkedEncodingError),
        (faults.is_no_json, requests.JSONDecodeError),
    ],
)
def test_an_answer_breaks(
    stand_in: StandIn, fault: faults.Fault, error: type[Exception]
) -> None:
    stand_in.faults.append(fault)
    with pytest.raises(error):
        ask(stand_in, PAGE).json()
    assert len(rows(stand_in, PAGE)) == 100


def test_a_hanging_server_ends_when_the_client_gives_up(stand_in: StandIn) -> None:
    stand_in.faults.append(faults.hangs)
    with pytest.raises(requests.ReadTimeout):
        ask(stand_in, PAGE, timeout=0.2)
    assert len(rows(stand_in, PAGE)) == 100


def test_an_answer_drips(stand_in: StandIn, clock: Clock) -> None:
    stand_in.faults.append(faults.drips(seconds=20, size=1_000))
    response = ask(stand_in, PAGE)
    assert len(response.json()["results"]) == 100
    pieces = -(-len(response.content) // 1_000)
    assert clock.waits == [20] * pieces


def test_a_slow_query_wants_to_be_split(stand_in: StandIn) -> None:
    stand_in.faults.play(faults.too_slow_above(50), When(times=None))
    assert ask(stand_in, PAGE).status_code == 504
    assert len(rows(stand_in, PAGE.replace("100", "50"))) == 50


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        (faults.turns_columns, lambda row: row[::-1]),
        (faults.adds_column, lambda row: ["new_column", *row]),
        (faults.lacks_column("uuid"), lambda row: row[1:]),
        (faults.lacks_column("unknown"), lambda row: row),
    ],
)
def test_the_columns_of_a_page_change(
    stand_in: StandIn, fault: faults.Fault, change: Callable[[list], list]
) -> None:
    sound = ask(stand_in, PAGE).json()
    stand_in.faults.append(fault)
    page = ask(stand_in, PAGE).json()
    assert page["columns"] == change(sound["columns"])
    assert page["columns"] == [name for name, _ in page["types"]]
    assert page["results"] == [change(row) for row in sound["results"]]


def test_a_row_comes_twice(stand_in: StandIn) -> None:
    sound = rows(stand_in, PAGE)
    stand_in.faults.append(faults.repeats_row)
    assert rows(stand_in, PAGE) == [sound[0], *sound]


def test_an_error_or_the_cache_is_told_in_the_content(stand_in: StandIn) -> None:
    stand_in.faults.extend([faults.reports_error, faults.claims_cache])
    assert ask(stand_in, PAGE).json()["error"] == "Query was cancelled."
    assert ask(stand_in, PAGE).json()["is_cached"] is True


def test_a_fault_of_pages_leaves_an_error_alone(stand_in: StandIn) -> None:
    for fault in (faults.repeats_row, faults.adds_column, faults.too_slow_above(5)):
        stand_in.faults.append(fault)
        assert ask(stand_in, "selec").status_code == 400


def test_a_fault_is_for_certain_requests(stand_in: StandIn) -> None:
    when = When(containing="count()", first=2, times=2)
    stand_in.faults.play(faults.fails(503), when)
    asked = [COUNT, PAGE, COUNT, PAGE, COUNT, COUNT]
    statuses = [ask(stand_in, hogql).status_code for hogql in asked]
    assert statuses == [200, 200, 503, 200, 503, 200]


def test_faults_meet_on_one_request(stand_in: StandIn) -> None:
    stand_in.faults.append(faults.claims_cache)
    stand_in.faults.play(faults.loses_rows(1), When())
    page = ask(stand_in, PAGE).json()
    assert (page["is_cached"], len(page["results"])) == (True, 99)


def test_a_row_arrives_between_two_requests(stand_in: StandIn) -> None:
    late = fixtures.late(YESTERDAY)
    stand_in.faults.intercept(
        after(lambda: stand_in.store.add("stored_events", late)), When(first=2)
    )
    assert [rows(stand_in, COUNT) for _ in range(4)] == [
        [[150]],
        [[150]],
        [[154]],
        [[154]],
    ]


def test_capture_can_fail(stand_in: StandIn) -> None:
    stand_in.faults.play(faults.fails(500), When("capture"))
    url = f"{stand_in.address.host}/batch/"
    batch = {"api_key": stand_in.address.project_token, "batch": []}
    statuses = [requests.post(url, json=batch, timeout=30).status_code for _ in "12"]
    assert statuses == [500, 200]
