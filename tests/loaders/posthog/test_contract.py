"""What the loader takes for granted of PostHog: one contract for two servers.

The stand-in has to keep it always; a real project too if the environment names one in
LIVE. Read only: some thirty small queries about events of the last day.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.http import Api
from loaders.posthog.api.limits import BYTES_LEFT, BYTES_READ
from loaders.posthog.modes.query import QueryMode
from loaders.posthog.slices.fetch import Reader
from loaders.posthog.slices.planner import Planner
from loaders.posthog.slices.slice import Buckets, Days, Slice, Window
from loaders.posthog.slices.table_queries import (
    EVENTS,
    PERSON_DISTINCT_IDS,
    PERSONS,
    TableQuery,
)
from stand_ins.posthog import PostHogAddress, StandIn, Store
from tests.helpers.posthog.project import Clock, event_rows
from tests.stand_ins.posthog.client import post

LIVE = [
    os.environ.get(f"POSTHOG_LIVE_{name}") for name in ("HOST", "PROJECT_ID", "API_KEY")
]
DAY = timedelta(days=1)
MOST_ROWS = 5_000
MIDNIGHT = datetime(2026, 7, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Project:
    """A project, and events that it received lately: few enough to read them all.

    Attributes:
        recent: the events, of which no more will come.
    """

    address: PostHogAddress
    client: PostHogClient
    recent: Slice
    count: int

    def ask(self, hogql: str, **values: object) -> requests.Response:
        query = {"kind": "HogQLQuery", "query": hogql, "values": values}
        body = {"query": query, "refresh": "force_blocking"}
        return post(self.address, body, timeout=120)

    def answer(self, hogql: str, **values: object) -> dict[str, Any]:
        response = self.ask(hogql, **values)
        assert response.status_code == 200, response.text
        return response.json()

    def ask_recent(self, columns: str, rest: str = "") -> dict[str, Any]:
        where, values = self.recent.where()
        return self.answer(
            f"select {columns} from events where {where} {rest}", **values
        )


def open_project(address: PostHogAddress) -> Project:
    client = PostHogClient(Api(address.host, address.project_id, address.api_key))
    planner = Planner(client, EVENTS)
    until = QueryMode(client, (), timedelta()).until()
    span = DAY
    while True:
        window = Window(until - span, until)
        recent = Slice(Buckets("distinct_id"), Buckets("uuid"), window, Days())
        count = planner.tally(recent).rows
        assert count, "the project received no event in the last day: nothing to try"
        if count <= MOST_ROWS:
            return Project(address, client, recent, count)
        span *= MOST_ROWS / count / 2


@pytest.fixture(
    scope="module", params=["stand-in", "live"] if all(LIVE) else ["stand-in"]
)
def project(request: pytest.FixtureRequest) -> Iterator[Project]:
    """The stand-in, in New York's time, and the real project if there is one."""
    if request.param == "live":
        yield open_project(PostHogAddress(*LIVE))
        return
    store = Store("America/New_York")
    store.add("stored_events", event_rows(150))
    with StandIn(store, Clock()) as stand_in:
        yield open_project(stand_in.address)


def test_the_server_tells_its_time(project: Project) -> None:
    mode = QueryMode(project.client, (), timedelta())
    assert project.recent.window.end <= mode.until() <= mode.until()


def test_a_wrong_key_is_refused(project: Project) -> None:
    query = {"kind": "HogQLQuery", "query": "select 1"}
    response = post(project.address, {"query": query}, key="phx_wrong", timeout=120)
    assert response.status_code == 401
    assert response.json()["detail"]


def test_no_answer_is_an_old_one(project: Project) -> None:
    answers = [project.ask_recent("count() as row_count") for _ in range(2)]
    assert not any(answer.get("is_cached") for answer in answers)
    assert [answer["results"] for answer in answers] == [[[project.count]]] * 2


def test_without_a_limit_there_are_100_rows(project: Project) -> None:
    answer = project.ask_recent("uuid")
    assert len(answer["results"]) == min(project.count, 100)
    assert answer["hasMore"] == (project.count > 100)


def test_a_limit_is_kept_to(project: Project) -> None:
    few, all_ = (project.ask_recent("uuid", f"limit {n}") for n in (3, 50_000))
    assert len(few["results"]) == min(project.count, 3)
    assert len(all_["results"]) == project.count
    assert not any(answer.get("hasMore") for answer in (few, all_))


@pytest.mark.parametrize("hogql", ["select 1 limit 1 offset 1", "select 'open", "x"])
def test_what_is_refused_is_refused_for_good(project: Project, hogql: str) -> None:
    response = project.ask(hogql)
    assert response.status_code == 400
    assert response.json()["type"] == "validation_error"
    assert response.json()["detail"]


def test_a_bad_date_never_stands_for_every_date(project: Project) -> None:
    where, values = project.recent.where()
    bad = "created_at >= toDateTime('garbage')"
    response = project.ask(
        f"select uuid from events where {where} and {bad} limit 5", **values
    )
    # By its source, PostHog may refuse such a literal; it was seen to take it for NULL.
    assert response.status_code == 400 or response.json()["results"] == []


def test_only_a_literal_with_a_zone_is_a_moment(project: Project) -> None:
    literals = ("00:00:00", "T00:00:00Z", "T00:00:00.000001Z")
    columns = ", ".join(
        f"toDateTime('2026-07-01{' ' if 'T' not in text else ''}{text}') as t{number}"
        for number, text in enumerate(literals)
    )
    [row] = project.answer(f"select {columns}")["results"]
    naive, utc, fraction = map(datetime.fromisoformat, row)
    assert (utc, fraction) == (MIDNIGHT, MIDNIGHT + TICK)
    # Without one it is a time in the zone of the project, which all answers are in.
    assert naive.replace(tzinfo=UTC) == MIDNIGHT
    assert naive.utcoffset() == utc.utcoffset()


@pytest.mark.parametrize("table_query", [EVENTS, PERSONS, PERSON_DISTINCT_IDS])
def test_every_column_is_there(project: Project, table_query: TableQuery) -> None:
    where, values = Slice(Buckets(table_query.key, 0, 1)).where()
    window, more = project.recent.where() if table_query == EVENTS else ("true", {})
    condition = f"where {where} and {window} {table_query.group_by}"
    hogql = f"{table_query.select} {condition} limit 5"
    answer = project.answer(hogql, **values, **more)
    assert answer["columns"] == table_query.answer_schema.names
    types = dict(map(tuple, answer["types"]))
    for name in ("timestamp", "created_at"):
        assert types.get(name, "DateTime64").startswith("DateTime64")


def test_the_tally_is_that_of_the_rows(project: Project) -> None:
    hashes = project.ask_recent("cityHash64(uuid) % 4294967296 as hash", "limit 50000")
    tally = project.ask_recent(EVENTS.tally)["results"]
    rows = [hash_ for (hash_,) in hashes["results"]]
    assert tally == [[len(rows), sum(rows)]]


def test_the_loader_reads_what_is_there(project: Project) -> None:
    reader = Reader(project.client, EVENTS)
    parts = list(reader.planner.plan(project.recent))
    assert sum(part.expected.rows for part in parts) == project.count
    verified = [reader.fetch(part) for part in parts]
    assert (
        sum(rows.num_rows for each in verified for rows in each.rows) == project.count
    )
    assert {each.attempts for each in verified} == {1}


def test_the_buckets_are_parts_of_the_whole(project: Project) -> None:
    planner = Planner(project.client, EVENTS)
    parts = Slice(Buckets("distinct_id"), window=project.recent.window).halves()
    assert sum(planner.tally(part).rows for part in parts) == project.count


def test_a_budget_is_told_in_digits(project: Project) -> None:
    headers = project.ask("select 1").headers
    told = [headers[name] for name in (BYTES_READ, BYTES_LEFT) if name in headers]
    assert all(value.isdigit() for value in told)
