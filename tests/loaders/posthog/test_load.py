"""The PostHog loader against a real server: what there is arrives, all and once."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest

from loaders.ledger import TableResult
from loaders.load import load_source
from loaders.posthog import open_source
from loaders.posthog.modes.query import LAG
from loaders.posthog.persons import WholeTable
from loaders.posthog.slices.slice import BUCKETS, Buckets
from loaders.posthog.slices.table_queries import PERSON_DISTINCT_IDS, PERSONS
from stand_ins.posthog import Store, faults, interceptors
from stand_ins.posthog.script import When
from tests.conftest import ENGINES, query
from tests.helpers.posthog.project import (
    NOW,
    TABLES,
    YESTERDAY,
    Project,
    event_rows,
    running_project,
    uuids,
)
from warehouse.errors import UserError
from warehouse.settings import Settings

HOUR = timedelta(hours=1)


@pytest.fixture
def project() -> Iterator[Project]:
    """An empty project with pages of 100 rows."""
    with running_project() as running:
        yield running


def test_a_row_arrives_whole_and_in_utc(project: Project) -> None:
    project.add(
        2,
        timestamp=[datetime(2026, 7, 1, 2, tzinfo=UTC), YESTERDAY],
        created_at=[
            datetime(2026, 7, 1, 2, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 12, 1, tzinfo=UTC) - 50 * 24 * HOUR,
        ],
        properties=[
            json.dumps({"$session_id": "s", "$os": "iOS", "$lib": "web", "age": 33}),
            json.dumps({"$os": "", "$set": {"email": "ann@mail.example"}}),
        ],
    )
    [verified] = project.read()
    loaded = pa.concat_tables(verified.rows).to_pylist()
    first, second = sorted(loaded, key=lambda row: row["uuid"])
    assert first == {
        "uuid": "00000000-0000-0000-0000-000000000000",
        "event": "$pageview",
        "distinct_id": "user 0",
        "person_id": "00000000-0000-0001-0000-000000000000",
        "timestamp": datetime(2026, 7, 1, 2, tzinfo=UTC),
        "created_at": datetime(2026, 7, 1, 2, 0, 0, 1, tzinfo=UTC),
        "session_id": "s",
        "os": "iOS",
        "lib": "web",
    }
    assert second["created_at"] == datetime(2026, 10, 12, tzinfo=UTC)
    assert (second["session_id"], second["os"], second["lib"]) == (None, None, None)


@pytest.mark.parametrize("page_cap", [5, 50, 401, 50_000])
def test_every_event_arrives_once_whatever_a_page_holds(page_cap: int) -> None:
    with running_project(page_cap) as project:
        days = [YESTERDAY - (number % 9) ** 2 * 24 * HOUR for number in range(200)]
        people = [f"person {number % 11}" for number in range(200)]
        project.add(200, distinct_id=people, timestamp=days)
        project.add(150, first=200, event="Offer Created")
        project.add(50, first=350, event="not configured")
        assert project.load() == uuids(350)


def test_more_equal_rows_than_a_page_are_an_error(project: Project) -> None:
    project.add(100, distinct_id="robot", timestamp=YESTERDAY, uuid=["0" * 32] * 100)
    with pytest.raises(UserError, match="nothing smaller to ask for"):
        project.load()


def test_the_youngest_events_wait_for_the_next_load(project: Project) -> None:
    project.add(10)
    project.add(10, first=10, created_at=NOW - LAG)
    assert project.load() == uuids(10)
    project.clock.sleep(1)
    assert project.load(since=YESTERDAY + HOUR) == uuids(10, first=10)


def test_since_is_the_time_of_ingestion(project: Project) -> None:
    late = {"timestamp": YESTERDAY - 960 * HOUR, "created_at": YESTERDAY + 2 * HOUR}
    project.add(60)
    project.add(60, first=60, **late)
    project.add(1, first=120, created_at=YESTERDAY + HOUR)
    project.add(1, first=121, created_at=YESTERDAY + HOUR - timedelta.resolution)
    assert project.load(since=YESTERDAY + HOUR) == uuids(61, first=60)


def test_buckets_leave_no_hash_out() -> None:
    buckets = [Buckets("uuid")]
    while len(buckets) < BUCKETS:
        buckets = [half for bucket in buckets for half in bucket.halves()]
    bounds = [tuple(bucket.values().values()) for bucket in buckets]
    assert (bounds[0][0], bounds[-1][1]) == (0, 2**64 - 1)
    assert all(low[1] + 1 == high[0] for low, high in pairwise(bounds))


def add_persons(store: Store, count: int) -> None:
    """Add persons with a distinct id each; every third was merged into one."""
    ids = event_rows(count)["uuid"].to_pylist()
    store.add(
        "persons",
        pa.table(
            {
                "id": ids,
                "created_at": [YESTERDAY] * count,
                "is_identified": [number % 2 == 0 for number in range(count)],
                "properties": ['{"email": "ann@mail.example"}'] * count,
            }
        ),
    )
    for version in range(2):
        moved = range(0, count, 3) if version else range(count)
        store.add(
            "raw_person_distinct_ids",
            pa.table(
                {
                    "distinct_id": [f"user {number}" for number in moved],
                    "person_id": [
                        ids[100 % count if version else number] for number in moved
                    ],
                    "version": [version] * len(moved),
                    "is_deleted": [version == 1 and n == 99 for n in moved],
                }
            ),
        )


def test_persons_and_their_current_distinct_ids_are_read_whole(
    project: Project,
) -> None:
    add_persons(project.store, 250)
    persons = WholeTable(TABLES["persons"], project.client, PERSONS)
    rows = pa.concat_tables(persons.read(None, None)).sort_by("id").to_pylist()
    assert [row["id"] for row in rows] == sorted(uuids(250))
    assert rows[1] == {**rows[0], "id": rows[1]["id"], "is_identified": False}
    assert rows[0]["created_at"] == YESTERDAY

    mapping = WholeTable(
        TABLES["person_distinct_ids"],
        project.client,
        PERSON_DISTINCT_IDS,
    )
    rows = pa.concat_tables(mapping.read(None, None)).to_pylist()
    by_distinct_id = {row["distinct_id"]: row for row in rows}
    assert len(by_distinct_id) == len(rows) == 250
    merged_into = by_distinct_id["user 100"]["person_id"]
    assert by_distinct_id["user 0"]["person_id"] == merged_into
    assert by_distinct_id["user 99"] == {
        "distinct_id": "user 99",
        "person_id": merged_into,
        "version": 1,
        "is_deleted": True,
    }
    assert by_distinct_id["user 1"]["person_id"] != merged_into
    assert not by_distinct_id["user 1"]["is_deleted"]


def test_persons_who_come_while_they_are_read_do_not_stop_it(project: Project) -> None:
    add_persons(project.store, 30)
    newcomers = iter(event_rows(20, first=1000)["uuid"].to_pylist())

    def somebody_comes() -> None:
        person = {"id": [next(newcomers)], "created_at": [YESTERDAY]}
        project.store.add("persons", pa.table(person))

    interceptor = interceptors.after(somebody_comes)
    project.stand_in.faults.intercept(
        interceptor, When(containing="from persons", times=None)
    )
    persons = WholeTable(TABLES["persons"], project.client, PERSONS)
    ids = {row for rows in persons.read(None, None) for row in rows["id"].to_pylist()}
    assert ids >= set(uuids(30))


def test_persons_that_are_left_out_of_an_answer_are_missed(project: Project) -> None:
    add_persons(project.store, 30)
    lie, fetched = faults.loses_rows(1), When(containing="select id", times=None)
    project.stand_in.faults.play(lie, fetched)
    persons = WholeTable(TABLES["persons"], project.client, PERSONS)
    with pytest.raises(UserError, match="30 rows in a slice but gave 29"):
        list(persons.read(None, None))


def load_project(project: Project, warehouse: str) -> list[TableResult]:
    """Load a project into a warehouse; return what came of each table."""
    address = project.stand_in.address
    settings = Settings(
        posthog_host=address.host,
        posthog_project_id=address.project_id,
        posthog_api_key=address.api_key,
    )
    with open_source(settings) as tables:
        return load_source("posthog", tables, warehouse, "key", "real")


def load(project: Project, warehouse: str) -> dict[str, int]:
    """Load a project into a warehouse; return the new rows of each table with any."""
    results = load_project(project, warehouse)
    assert not any(result.rows_changed + result.rows_rejected for result in results)
    return {result.table.name: result.rows_new for result in results if result.rows_new}


@pytest.mark.usefixtures("working_directory")
def test_a_project_without_any_person_is_not_the_one_that_was_loaded(
    project: Project, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    add_persons(project.store, 30)
    load(project, warehouse)
    with running_project() as empty:
        results = load_project(empty, warehouse)
    told = {result.table.name: result.error for result in results if result.error}
    assert told.keys() == {"persons", "person_distinct_ids"}
    assert "persons is empty, and 30 rows of it landed before" in told["persons"]


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize("engine", ENGINES)
def test_loads_add_what_is_new_and_nothing_else(
    engine: str, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    with running_project(page_cap=50_000) as project:
        add_persons(project.store, 10)
        project.add(300)
        project.add(20, distinct_id="re-sent")
        assert load(project, warehouse) == {
            "events": 320,
            "persons": 10,
            "person_distinct_ids": 10,
        }
        project.clock.sleep(3600)
        project.add(40, first=300, created_at=NOW, timestamp=YESTERDAY - 900 * HOUR)
        assert load(project, warehouse) == {"events": 40}
        assert load(project, warehouse) == {}
    [counts] = query(
        warehouse,
        "select count(*), count(distinct uuid), count(distinct distinct_id_hash) "
        "from staging_posthog.events",
    )
    assert counts == (360, 340, 341)


@pytest.mark.usefixtures("working_directory")
def test_a_load_that_fails_halfway_lands_nothing(new_warehouse: Callable) -> None:
    warehouse = new_warehouse("duckdb")
    with running_project(page_cap=50_000) as project:
        project.add(300)
        project.stand_in.faults.extend([None, None, faults.fails(403)])
        with pytest.raises(Exception, match="status 403"):
            load(project, warehouse)
        assert query(warehouse, "select count(*) from staging_posthog.events") == [(0,)]
        assert load(project, warehouse) == {"events": 300}


def test_a_variable_that_is_missing_is_named() -> None:
    settings = Settings(posthog_host="https://eu.posthog.com", posthog_project_id="1")
    with (
        pytest.raises(UserError, match="POSTHOG_API_KEY is not set"),
        open_source(settings),
    ):
        pass
