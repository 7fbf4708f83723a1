"""Scheduled exports in a folder, as the stand-in writes them."""

import json
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stand_ins.posthog import Store, fixtures
from stand_ins.posthog.identities import add_person
from stand_ins.posthog.lake import (
    Schedule,
    write_everything,
    write_failed_attempt,
    write_lake,
)
from stand_ins.posthog.parquet import Make
from tests.helpers.posthog.project import NOW, YESTERDAY, event_rows

DAY = timedelta(days=1)
START, END = YESTERDAY - 2 * DAY, NOW


@pytest.fixture
def store() -> Store:
    """A project of 10 events on each of two days, and none on the day between."""
    store = Store("America/New_York")
    for number in range(2):
        at = START + 2 * number * DAY
        store.add("stored_events", fixtures.events(10, at, f"day {number}"))
    return store


def rows(folder: Path) -> list[str]:
    """Return the uuid of every row in a folder's files."""
    return [
        uuid
        for path in sorted(folder.glob("*.parquet"))
        for uuid in pq.read_table(path)["uuid"].to_pylist()
    ]


def test_each_interval_makes_a_set_with_a_manifest(
    store: Store, tmp_path: Path
) -> None:
    schedule = Schedule(make=Make(parts=3))
    paths = write_lake(store, tmp_path, START, END, schedule)
    first, last = (
        f"{start.isoformat()}-{(start + DAY).isoformat()}"
        for start in (START, YESTERDAY)
    )
    files = [f"{first}-{number}.parquet" for number in range(3)]
    assert [path.name for path in paths[:4]] == [*files, f"{first}_manifest.json"]
    assert json.loads(paths[3].read_text()) == {"files": files}
    assert all(path.name.startswith(last) for path in paths[4:])
    assert len(paths) == len(list(tmp_path.iterdir())) == 8
    assert len(rows(tmp_path)) == len(set(rows(tmp_path))) == 20


def test_without_manifests_a_set_is_one_file(store: Store, tmp_path: Path) -> None:
    paths = write_lake(store, tmp_path, START, END, Schedule(has_manifest=False))
    assert [path.name for path in paths] == [
        f"{start.isoformat()}-{(start + DAY).isoformat()}.parquet"
        for start in (START, YESTERDAY)
    ]
    schema = pq.read_schema(paths[0])
    assert schema.names == [
        "uuid",
        "event",
        "distinct_id",
        "person_id",
        "properties",
        "timestamp",
        "created_at",
        "_inserted_at",
    ]
    assert schema.field("timestamp").type == pa.timestamp("us", "UTC")


def test_an_interval_that_is_not_over_is_not_written(
    store: Store, tmp_path: Path
) -> None:
    assert len(write_lake(store, tmp_path, START, START + 1.5 * DAY)) == 2
    assert write_lake(store, tmp_path, START + DAY, START + 1.5 * DAY) == []


def test_no_row_is_lost_at_an_edge(store: Store, tmp_path: Path) -> None:
    edge = [START + DAY - timedelta.resolution, START + DAY]
    store.add("stored_events", event_rows(2, created_at=edge))
    write_lake(store, tmp_path, START, END)
    assert len(rows(tmp_path)) == len(set(rows(tmp_path))) == 22


def test_late_rows_belong_to_the_interval_of_their_arrival(
    store: Store, tmp_path: Path
) -> None:
    write_lake(store, tmp_path / "first", START, YESTERDAY)
    late = fixtures.late(YESTERDAY)
    held_up = fixtures.visible_late(START, 2.5 * DAY)
    for events in (late, held_up):
        store.add("stored_events", events)
    write_lake(store, tmp_path / "second", YESTERDAY, END)
    got = rows(tmp_path / "second")
    assert set(got) > {*late["uuid"].to_pylist(), *held_up["uuid"].to_pylist()}
    assert len(got) == 15


def test_rows_are_delivered_at_least_once(store: Store, tmp_path: Path) -> None:
    twice = Schedule(make=Make(repeated_rows=2))
    write_lake(store, tmp_path / "twice", START, END, twice)
    assert len(rows(tmp_path / "twice")) == 24
    assert len(set(rows(tmp_path / "twice"))) == 20
    again = Schedule(overlap=DAY)
    write_lake(store, tmp_path / "again", START, END, again)
    assert len(rows(tmp_path / "again")) == 30
    assert len(set(rows(tmp_path / "again"))) == 20


def test_a_whole_project_is_written_by_day(store: Store, tmp_path: Path) -> None:
    paths = write_everything(store, tmp_path, START + 3 * DAY)
    day = START.date().isoformat()
    assert paths[0].name.startswith(f"{day}T00:00:00+00:00-")
    assert len(paths) == 4
    assert len(rows(tmp_path)) == 20
    assert write_everything(Store(), tmp_path, NOW) == []


def test_a_failed_attempt_leaves_files_without_a_manifest(
    store: Store, tmp_path: Path
) -> None:
    whole, broken = write_failed_attempt(store, tmp_path, START, START + DAY)
    assert not list(tmp_path.glob("*.json"))
    assert pq.read_table(whole).num_rows == 5
    with pytest.raises(pa.ArrowInvalid):
        pq.read_table(broken)
    write_lake(store, tmp_path, START, START + DAY, Schedule(make=Make(parts=2)))
    assert len(rows(tmp_path)) == 10


def test_persons_are_exported_too(store: Store, tmp_path: Path) -> None:
    person = "00000000-0000-4000-8000-000000000001"
    add_person(store, "user", person, START)
    [path, _] = write_lake(store, tmp_path, START, END, Schedule(model="persons"))
    [row] = pq.read_table(path).to_pylist()
    assert (row["distinct_id"], row["person_id"]) == ("user", person)
