"""The stand-in is as strict as PostHog: one test for each rule."""

import json
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
import requests

from stand_ins.posthog import StandIn, Store, fixtures
from stand_ins.posthog.access import SECRET_API_KEY, UNSCOPED_API_KEY
from stand_ins.posthog.store import VISIBILITY_LAG
from tests.helpers.posthog.project import NOW, Clock, event_rows
from tests.stand_ins.posthog.client import ask, post, rows

TICK = timedelta(microseconds=1)
PERSON, MERGED = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": ""}, 401, "not_authenticated"),
        ({"key": "phx_wrong"}, 401, "authentication_failed"),
        ({"key": UNSCOPED_API_KEY}, 403, "permission_denied"),
        ({"project_id": "2"}, 403, "permission_denied"),
    ],
)
def test_a_key_needs_to_be_right(
    stand_in: StandIn, changes: dict[str, str], status: int, code: str
) -> None:
    query = {"kind": "HogQLQuery", "query": "select 1"}
    response = post(stand_in.address, {"query": query}, **changes)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_key_of_the_project_may_query(stand_in: StandIn) -> None:
    query = {"kind": "HogQLQuery", "query": "select 1"}
    response = post(stand_in.address, {"query": query}, key=SECRET_API_KEY)
    assert response.json()["results"] == [[1]]


def test_a_missing_scope_is_named(stand_in: StandIn) -> None:
    query = {"kind": "HogQLQuery", "query": "select 1"}
    response = post(stand_in.address, {"query": query}, key=UNSCOPED_API_KEY)
    assert "query:read" in response.json()["detail"]


@pytest.mark.parametrize(
    "hogql",
    [
        "drop table events",
        "insert into events select 1",
        "select 1; select 2",
        "select * from stored_events",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from information_schema.tables",
        "select getenv('HOME')",
        "select count() from events limit 10 offset 5",
        "select count() from events limit 5, 10",
        "select * from (select uuid from events limit 5 offset 1)",
        "select nothing from events",
        "select inserted_at from events",
        "select * from person_changes",
        "select {unknown}",
        "select 'open",
        "select $",
        "selec 1",
        "",
    ],
)
def test_only_a_select_without_offset_is_answered(
    stand_in: StandIn, hogql: str
) -> None:
    response = ask(stand_in, hogql)
    assert response.status_code == 400
    assert response.json()["type"] == "validation_error"
    assert rows(stand_in, "select count() from events") == [[150]]


@pytest.mark.parametrize("body", [{}, {"query": {"kind": "EventsQuery"}}])
def test_only_hogql_is_answered(stand_in: StandIn, body: dict[str, Any]) -> None:
    assert post(stand_in.address, body).status_code == 400


def test_without_a_limit_there_are_100_rows(stand_in: StandIn) -> None:
    answer = ask(stand_in, "select uuid from events").json()
    assert len(answer["results"]) == 100
    assert (answer["hasMore"], answer["limit"], answer["offset"]) == (True, 100, 0)
    assert not ask(stand_in, "select count() from events").json()["hasMore"]


def test_a_limit_is_clamped_in_silence(stand_in: StandIn) -> None:
    answer = ask(stand_in, "select uuid from events limit 1000000").json()
    assert len(answer["results"]) == 120
    assert not answer.keys() & {"hasMore", "limit", "offset"}
    assert rows(stand_in, "select uuid from events limit 0") == []


def test_columns_and_types_are_told(stand_in: StandIn) -> None:
    answer = ask(stand_in, "select uuid, timestamp as at from events limit 1").json()
    assert answer["columns"] == ["uuid", "at"]
    assert answer["types"] == [
        ["uuid", "UUID"],
        ["at", "DateTime64(6, 'America/New_York')"],
    ]


def test_an_answer_comes_from_the_cache_unless_forced(stand_in: StandIn) -> None:
    hogql = "select count() from events"
    assert ask(stand_in, hogql, "blocking").json()["is_cached"] is False
    stand_in.store.add("stored_events", event_rows(5, first=1000))
    cached = ask(stand_in, hogql, "blocking").json()
    assert (cached["is_cached"], cached["results"]) == (True, [[150]])
    fresh = ask(stand_in, hogql).json()
    assert (fresh["is_cached"], fresh["results"]) == (False, [[155]])


def test_a_bad_date_is_null(stand_in: StandIn) -> None:
    since = "select uuid from events where created_at >= toDateTime('garbage')"
    assert rows(stand_in, since) == []
    assert rows(stand_in, "select toDateTime('garbage')") == [[None]]


def test_times_are_in_the_zone_of_the_project(stand_in: StandIn) -> None:
    [[naive, utc]] = rows(
        stand_in,
        "select toDateTime('2026-07-01 00:00:00'), toDateTime('2026-07-01T00:00:00Z')",
    )
    assert naive == "2026-07-01T00:00:00-04:00"
    assert utc == "2026-06-30T20:00:00-04:00"
    [[fraction]] = rows(stand_in, "select toDateTime('2026-01-01T00:00:00.000001Z')")
    assert fraction == "2025-12-31T19:00:00.000001-05:00"
    [[local, in_utc]] = rows(
        stand_in,
        "select toDate(toDateTime({at})), toDate(toTimeZone(toDateTime({at}), 'UTC'))",
        at="2026-07-01T00:00:00Z",
    )
    assert (local, in_utc) == ("2026-06-30", "2026-07-01")


def test_a_project_in_utc_writes_z() -> None:
    with StandIn(Store(), Clock()) as server:
        assert rows(server, "select now()") == [["2026-10-31T12:00:00Z"]]


def test_properties_are_json_text(stand_in: StandIn) -> None:
    properties = {"$os": 'i"OS"', "$lib": "", "sizes": {"eu": 42}, "n": None}
    stand_in.store.add(
        "stored_events",
        event_rows(1, 1000, event="shoe", properties=json.dumps(properties)),
    )
    [[text, *values]] = rows(
        stand_in,
        "select properties, properties.$os, events.properties.$lib, "
        "properties.sizes.eu, properties.n, properties.missing "
        "from events where event = 'shoe'",
    )
    assert json.loads(text) == properties
    # The JSON of the value without the quotes around it, as PostHog gives it.
    assert values == ['i\\"OS\\"', None, "42", None, None]


def test_values_stand_in_for_placeholders(stand_in: StandIn) -> None:
    for name in ("it's", 'say "hi"', "back\\slash", "{event}", "$os", "🚀 $1"):
        stand_in.store.add("stored_events", event_rows(1, 1000, event=name))
        hogql = "select event from events where event in ({event}, '{event}')"
        assert {tuple(row) for row in rows(stand_in, hogql, event=name)} >= {(name,)}
    above = "select count() from events where cityHash64(uuid) >= {half}"
    below = "select count() from events where cityHash64(uuid) < {half}"
    [[more]], [[less]] = (rows(stand_in, q, half=2**63) for q in (above, below))
    assert more + less == 156
    assert min(more, less) > 30


def test_events_become_visible_late(stand_in: StandIn, clock: Clock) -> None:
    stand_in.store.add("stored_events", event_rows(1, 1000, created_at=NOW))
    hogql = "select count() from events"
    clock.sleep((VISIBILITY_LAG - TICK).total_seconds())
    assert rows(stand_in, hogql) == [[150]]
    clock.sleep(TICK.total_seconds())
    assert rows(stand_in, hogql) == [[151]]


def test_an_event_may_be_held_up(stand_in: StandIn, clock: Clock) -> None:
    hour = timedelta(hours=1)
    stand_in.store.add("stored_events", fixtures.visible_late(NOW, hour))
    count = "select count() from events"
    clock.sleep(hour.total_seconds())
    assert rows(stand_in, count) == [[150]]
    clock.sleep(VISIBILITY_LAG.total_seconds())
    assert rows(stand_in, count) == [[151]]


def test_the_journal_tells_what_was_asked(stand_in: StandIn) -> None:
    ask(stand_in, "select 1")
    ask(stand_in, "selec 1")
    asked = stand_in.journal.of("query")
    assert [exchange.status for exchange in asked] == [200, 400]
    assert b"select 1" in asked[0].request.body
    assert stand_in.journal.most_at_once == {"query": 1}


def test_person_id_follows_merges(stand_in: StandIn) -> None:
    hogql = (
        "select event_person_id, person_id from events where distinct_id = 'anonymous'"
    )
    stand_in.store.add(
        "stored_events", event_rows(1, 1000, distinct_id="anonymous", person_id=PERSON)
    )
    assert rows(stand_in, hogql) == [[PERSON, PERSON]]
    versions = pa.table(
        {
            "distinct_id": ["anonymous"] * 2,
            "person_id": [PERSON, MERGED],
            "version": [0, 1],
            "is_deleted": [False, False],
        }
    )
    stand_in.store.add("raw_person_distinct_ids", versions)
    assert rows(stand_in, hogql) == [[PERSON, MERGED]]
    assert rows(
        stand_in,
        "select argMax(person_id, version) as person, max(version) as newest "
        "from raw_person_distinct_ids group by distinct_id",
    ) == [[MERGED, 1]]


def test_other_paths_do_not_exist(stand_in: StandIn) -> None:
    url = f"{stand_in.address.host}/api/projects/1/events/"
    assert requests.post(url, json={}, timeout=30).status_code == 404
