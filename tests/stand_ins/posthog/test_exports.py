"""The flow of file download exports, over both of its hosts."""

import io
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import requests

from stand_ins.posthog import StandIn, fixtures
from stand_ins.posthog.export_runs import FAILED, RunPlan
from stand_ins.posthog.identities import add_person, delete, point
from stand_ins.posthog.parquet import Make
from tests.helpers.posthog.project import NOW, YESTERDAY, Clock, event_rows
from tests.stand_ins.posthog.exports import (
    call,
    exported,
    finished,
    locate,
    poll,
    start,
    uuids,
    wish,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERSON, MERGED = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


def test_a_run_is_polled_until_its_files_are_there(stand_in: StandIn) -> None:
    run = start(stand_in)
    states = [poll(stand_in, run) for _ in range(4)]
    assert [state["status"] for state in states] == [
        "Starting",
        "Running",
        "Completed",
        "Completed",
    ]
    assert states[2] == states[3]
    assert states[2]["records_completed"] == 150
    assert len(states[2]["files"]) == 1


def test_a_file_is_parquet_with_zstd(stand_in: StandIn) -> None:
    properties = '{"$os": "iOS",  "n": 1}'
    stand_in.store.add("stored_events", event_rows(1, 150, properties=properties))
    run = finished(stand_in)
    content = requests.get(locate(stand_in, run), timeout=30).content
    file = pq.ParquetFile(io.BytesIO(content))
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    utc, text = pa.timestamp("us", "UTC"), pa.string()
    assert dict(zip(file.schema_arrow.names, file.schema_arrow.types, strict=True)) == {
        "uuid": text,
        "event": text,
        "distinct_id": text,
        "person_id": text,
        "properties": text,
        "timestamp": utc,
        "created_at": utc,
        "_inserted_at": utc,
    }
    last = file.read().to_pylist()[-1]
    expected = event_rows(1, 150, properties=properties).to_pylist()[0]
    assert last == {**expected, "_inserted_at": expected["created_at"]}


@pytest.mark.parametrize("parts", [1, 3])
def test_the_rows_come_in_parts(stand_in: StandIn, parts: int) -> None:
    stand_in.exports.extend([RunPlan(make=Make(parts=parts))])
    tables = exported(stand_in)
    assert len(tables) == parts
    assert sorted(uuids(tables)) == sorted(event_rows(150)["uuid"].to_pylist())


def test_without_rows_there_is_no_file(stand_in: StandIn) -> None:
    assert exported(stand_in, start=YESTERDAY - DAY, end=YESTERDAY) == []


def test_a_run_without_rows_may_run_for_ever(stand_in: StandIn) -> None:
    stand_in.exports.extend([RunPlan(("Starting", "Running"))])
    run = start(stand_in)
    statuses = {poll(stand_in, run)["status"] for _ in range(9)}
    assert statuses == {"Starting", "Running"}


def test_a_column_may_be_new(stand_in: StandIn) -> None:
    make = Make(parts=2, extra_columns={"new_column": "new"})
    stand_in.exports.extend([RunPlan(make=make)])
    for table in exported(stand_in):
        assert set(table["new_column"].to_pylist()) == {"new"}


def test_a_column_may_be_missing(stand_in: StandIn) -> None:
    stand_in.exports.extend([RunPlan(make=Make(missing_columns=["distinct_id"]))])
    [table] = exported(stand_in)
    assert "distinct_id" not in table.column_names
    assert table.num_rows == 150


def test_rows_may_come_twice_or_never(stand_in: StandIn) -> None:
    makes = [Make(repeated_rows=2), Make(lost_rows=2)]
    stand_in.exports.extend(RunPlan(make=make) for make in makes)
    twice, never = (uuids(exported(stand_in)) for _ in makes)
    assert (len(twice), len(set(twice))) == (152, 150)
    assert (len(never), len(set(never))) == (148, 148)


def test_the_interval_is_the_time_received(stand_in: StandIn) -> None:
    late = fixtures.late(YESTERDAY - HOUR)
    held_up = fixtures.visible_late(YESTERDAY - DAY, 23 * HOUR)
    for rows in (late, held_up):
        stand_in.store.add("stored_events", rows)
    edge = event_rows(1, 500, created_at=YESTERDAY, timestamp=YESTERDAY - 40 * DAY)
    stand_in.store.add("stored_events", edge)
    got = uuids(exported(stand_in, start=YESTERDAY - HOUR, end=YESTERDAY))
    assert sorted(got) == sorted(uuids([late, held_up]))


def test_what_is_not_visible_yet_is_not_exported(
    stand_in: StandIn, clock: Clock
) -> None:
    stand_in.store.add("stored_events", event_rows(1, 500, created_at=NOW))
    interval = {"start": NOW, "end": NOW + HOUR}
    assert exported(stand_in, **interval) == []
    clock.sleep(60)
    assert len(uuids(exported(stand_in, **interval))) == 1


def test_events_are_chosen_by_name(stand_in: StandIn) -> None:
    names = fixtures.with_awkward_names(YESTERDAY)
    stand_in.store.add("stored_events", names)
    chosen = names["event"].to_pylist()
    assert sorted(uuids(exported(stand_in, include=chosen))) == sorted(uuids([names]))
    assert len(uuids(exported(stand_in, exclude=chosen))) == 150
    assert len(uuids(exported(stand_in, include=[]))) == 159


def test_the_person_of_an_event_is_frozen(stand_in: StandIn) -> None:
    event = event_rows(1, 500, distinct_id="anonymous", person_id=PERSON, event="one")
    stand_in.store.add("stored_events", event)
    point(stand_in.store, "anonymous", MERGED, NOW)
    [table] = exported(stand_in, include=["one"])
    assert table["person_id"].to_pylist() == [PERSON]


def test_persons_are_exported_as_they_are_now(stand_in: StandIn) -> None:
    store = stand_in.store
    add_person(store, "anonymous", PERSON, YESTERDAY - DAY)
    add_person(store, "user", MERGED, YESTERDAY - DAY, '{"plan":"pro"}')
    before, after = (
        {"model": "persons", "start": day, "end": day + DAY}
        for day in (YESTERDAY - DAY, YESTERDAY)
    )
    assert exported(stand_in, **after) == []
    point(store, "anonymous", MERGED, YESTERDAY)
    assert exported(stand_in, **before) == []
    [table] = exported(stand_in, **after)
    assert [
        (row["distinct_id"], row["person_id"], row["person_distinct_id_version"])
        for row in table.to_pylist()
    ] == [("anonymous", MERGED, 1), ("user", MERGED, 0)]
    assert set(table["properties"].to_pylist()) == {'{"plan":"pro"}'}
    delete(store, "user", MERGED, YESTERDAY)
    [table] = exported(stand_in, **after)
    assert table["is_deleted"].to_pylist() == [False, True]


@pytest.mark.parametrize("status", FAILED)
def test_a_run_may_fail(stand_in: StandIn, status: str) -> None:
    stand_in.exports.extend([RunPlan(("Running", status))])
    run = start(stand_in)
    poll(stand_in, run)
    assert poll(stand_in, run) == {"status": status, "error": "The export failed."}
    refused = call(stand_in, "GET", f"{run}/download/0")
    assert (refused.status_code, refused.json()["type"]) == (400, "validation_error")
    assert len(exported(stand_in)) == 1


def test_a_status_may_be_unknown(stand_in: StandIn) -> None:
    stand_in.exports.extend([RunPlan(("Archiving", "Completed"))])
    run = start(stand_in)
    assert poll(stand_in, run) == {"status": "Archiving"}
    assert call(stand_in, "GET", f"{run}/download/0").status_code == 400
    assert poll(stand_in, run)["status"] == "Completed"


def test_a_run_can_be_cancelled(stand_in: StandIn) -> None:
    run = start(stand_in)
    assert call(stand_in, "POST", f"{run}/cancel/").status_code == 200
    assert poll(stand_in, run) == {"status": "Cancelled"}
    assert "cancelled" in call(stand_in, "GET", f"{run}/download/").json()["detail"]


def test_a_second_run_waits_for_the_first(stand_in: StandIn) -> None:
    start(stand_in)
    statuses = [call(stand_in, "POST", **wish()).status_code for _ in range(4)]
    assert statuses == [409, 409, 409, 202]
