"""The stand-in is as strict as PostHog: one test for each rule."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import requests
from posthog import Posthog

from demo.posthog import PostHogAddress, StandIn, Store, running
from demo.posthog.limits import Allowance
from demo.posthog.query_api import UNSCOPED_API_KEY
from demo.posthog.store import VISIBILITY_LAG
from tests.posthog_project import NOW, YESTERDAY, Clock, event_rows

TICK = timedelta(microseconds=1)
PERSON, MERGED = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[StandIn]:
    """A project of 150 events, in New York's time."""
    store = Store("America/New_York")
    store.add("stored_events", event_rows(150))
    with StandIn(store, clock, page_cap=120) as server:
        yield server


def post(
    address: PostHogAddress, body: dict[str, Any], **changes: str
) -> requests.Response:
    """Ask the query endpoint; `key` and `project_id` replace the right ones."""
    key = changes.get("key", address.api_key)
    project_id = changes.get("project_id", address.project_id)
    return requests.post(
        f"{address.host}/api/projects/{project_id}/query/",
        json=body,
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=30,
    )


def ask(
    stand_in: StandIn, hogql: str, refresh: str = "force_blocking", **values: object
) -> requests.Response:
    """Ask a HogQL query."""
    query = {"kind": "HogQLQuery", "query": hogql, "values": values}
    return post(stand_in.address, {"query": query, "refresh": refresh})


def rows(stand_in: StandIn, hogql: str, **values: object) -> list[list]:
    """Return the rows of a query."""
    response = ask(stand_in, hogql, **values)
    assert response.status_code == 200, response.text
    return response.json()["results"]


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
    properties = {"$os": "iOS", "$lib": "", "sizes": {"eu": 42}, "n": None}
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
    assert values == ["iOS", None, "42", None, None]


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


def test_too_many_requests_are_told_when_to_come_back(clock: Clock) -> None:
    allowance = Allowance(requests_per_minute=2, requests_per_hour=3)
    with StandIn(Store(), clock, allowance=allowance) as server:
        statuses = []
        for _ in range(5):
            response = ask(server, "select 1")
            statuses.append(response.status_code)
            clock.sleep(float(response.headers.get("Retry-After", 10)))
        assert statuses == [200, 200, 429, 200, 429]
        assert clock.waits[2] == 40
        assert sum(clock.waits) == 3600
        assert ask(server, "select 1").status_code == 200


def test_the_byte_budget_is_told_and_kept(clock: Clock) -> None:
    with StandIn(Store(), clock, allowance=Allowance(bytes_per_hour=10)) as server:
        response = ask(server, "select 1")
        read = int(response.headers["X-PostHog-Query-Bytes-Read"])
        assert read == len(response.content)
        assert response.headers["X-PostHog-Query-Budget-Remaining-Bytes"] == "0"
        refusal = ask(server, "select 1")
        assert refusal.json()["code"] == "api_queries_budget_exceeded"
        assert refusal.headers["Retry-After"] == "3600"


def test_queries_at_once_are_limited_without_retry_after(clock: Clock) -> None:
    allowance = Allowance(requests_at_once=0, queue_seconds=0)
    with StandIn(Store(), clock, allowance=allowance) as server:
        response = ask(server, "select 1")
        assert response.status_code == 429
        assert "Retry-After" not in response.headers


@pytest.mark.parametrize("is_gzipped", [True, False])
def test_the_sdk_can_send_events(
    stand_in: StandIn, clock: Clock, is_gzipped: bool
) -> None:
    errors: list[Exception] = []
    sdk = Posthog(
        stand_in.address.project_token,
        host=stand_in.address.host,
        gzip=is_gzipped,
        on_error=lambda error, _: errors.append(error),
        disable_geoip=True,
    )
    for number in range(3):
        sdk.capture(
            "Offer Created 🚀",
            distinct_id="user",
            properties={"price": number, "$session_id": "s"},
            timestamp=YESTERDAY,
            uuid=f"00000000-0000-4000-8000-00000000000{number}",
        )
    sdk.shutdown()
    assert not errors

    clock.sleep(60)
    answer = rows(
        stand_in,
        "select distinct_id, timestamp, created_at, properties.price, "
        "properties.$session_id, uuid from events where event like 'Offer%' "
        "order by properties.price limit 10",
    )
    assert answer == [
        [
            "user",
            "2026-10-30T08:00:00-04:00",
            "2026-10-31T08:00:00-04:00",
            str(number),
            "s",
            f"00000000-0000-4000-8000-00000000000{number}",
        ]
        for number in range(3)
    ]
    mapping = "select distinct_id, person_id from raw_person_distinct_ids"
    [[distinct_id, person_id]] = rows(stand_in, mapping)
    assert distinct_id == "user"
    assert rows(stand_in, "select id from persons") == [[person_id]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"api_key": "phc_wrong", "batch": []}).encode(), 401),
        (b"nonsense", 400),
        (b"[]", 400),
        (gzip.compress(b"nonsense"), 400),
        (b'{"api_key": "phc_stand_in", "batch": [{"event": "no distinct id"}]}', 400),
    ],
)
def test_a_bad_batch_is_refused_whole(
    stand_in: StandIn, body: bytes, status: int
) -> None:
    url = f"{stand_in.address.host}/batch/"
    assert requests.post(url, data=body, timeout=30).status_code == status
    assert rows(stand_in, "select count() from persons") == [[0]]


def test_other_paths_do_not_exist(stand_in: StandIn) -> None:
    url = f"{stand_in.address.host}/api/projects/1/events/"
    assert requests.post(url, json={}, timeout=30).status_code == 404


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A world of three events, a person, and a distinct id."""
    pq.write_table(event_rows(3, distinct_id="user"), tmp_path / "events.parquet")
    person = {"id": [PERSON], "created_at": [YESTERDAY], "is_identified": [True]}
    pq.write_table(
        pa.table({**person, "properties": ["{}"]}), tmp_path / "persons.parquet"
    )
    mapping = {"distinct_id": ["user"], "person_id": [PERSON], "version": [0]}
    pq.write_table(
        pa.table({**mapping, "is_deleted": [False]}),
        tmp_path / "person_distinct_ids.parquet",
    )
    return tmp_path


def test_a_world_is_served_as_of_its_own_end(world: Path) -> None:
    with running(world) as address:
        query = "select count(), max(person_id), now() from events"
        body = {"query": {"kind": "HogQLQuery", "query": query}}
        [[count, person_id, now]] = post(address, body).json()["results"]
    assert (count, person_id) == (3, PERSON)
    assert now.startswith("2026-10-30T13:00:")


def test_it_runs_on_its_own(world: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.posthog", "--directory", str(world)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline().strip() for _ in range(3)]
        settings = dict(line.split("=") for line in lines)
        address = PostHogAddress(
            settings["POSTHOG_HOST"],
            settings["POSTHOG_PROJECT_ID"],
            settings["POSTHOG_API_KEY"],
        )
        body = {"query": {"kind": "HogQLQuery", "query": "select count() from events"}}
        assert post(address, body).json()["results"] == [[3]]
    finally:
        process.terminate()
        process.communicate()
