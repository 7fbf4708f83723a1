"""Mode lake: scheduled exports in a folder, as the stand-in writes them."""

import json
import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from loaders.posthog.modes.lake_files import Lake, open_lake
from stand_ins.posthog import Store, identities
from stand_ins.posthog.lake import Schedule, write_failed_attempt, write_lake
from stand_ins.posthog.parquet import Make
from tests.helpers.posthog.project import NAMES, NOW, YESTERDAY, event_rows, uuids
from tests.loaders.posthog.bucket import running_bucket
from warehouse.errors import UserError

DAY = timedelta(days=1)
START = YESTERDAY - 2 * DAY
SINGLE = Schedule(has_manifest=False)
ANN, BOB, CARL = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(3))


@pytest.fixture
def store() -> Store:
    """A project of 10 events on each of two days, and none on the day between."""
    store = Store("America/New_York")
    for number in range(2):
        at = START + 2 * number * DAY
        store.add("stored_events", event_rows(10, 10 * number, created_at=at))
    return store


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(str(tmp_path))


def read(lake: Lake) -> Counter:
    """Return how often each uuid is read."""
    return Counter(
        uuid
        for file in lake.list_files()
        for rows in lake.read_events(file, NAMES)
        for uuid in rows["uuid"].to_pylist()
    )


@pytest.mark.parametrize("has_manifest", [True, False])
@pytest.mark.parametrize("parts", [1, 3])
def test_every_file_is_read(
    store: Store, lake: Lake, tmp_path: Path, parts: int, has_manifest: bool
) -> None:
    schedule = Schedule(make=Make(parts=parts), has_manifest=has_manifest)
    paths = write_lake(store, tmp_path, START, NOW, schedule)
    files = lake.list_files()
    assert [file.path for file in files] == [
        path.name for path in sorted(paths) if path.suffix == ".parquet"
    ]
    assert len(files) == 2 * parts
    assert files[0].size == (tmp_path / files[0].path).stat().st_size
    assert read(lake) == uuids(20)


def test_rows_that_come_twice_are_read_twice(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    write_lake(store, tmp_path, START, NOW, Schedule(make=Make(repeated_rows=2)))
    assert read(lake) == uuids(20) + uuids(2) + uuids(2, first=10)


def test_a_failed_attempt_is_left_out_until_it_is_repaired(
    store: Store, lake: Lake, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_failed_attempt(store, tmp_path, YESTERDAY, NOW)
    write_lake(store, tmp_path, START, YESTERDAY)
    with caplog.at_level(logging.WARNING):
        assert read(lake) == uuids(10)
    [notice] = caplog.messages
    assert "2 files in no manifest" in notice
    write_lake(store, tmp_path, YESTERDAY, NOW, Schedule(make=Make(parts=2)))
    assert read(lake) == uuids(20)


def test_a_failed_attempt_is_left_out_of_any_folder(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    write_lake(store, tmp_path / "2026/10/28", START, YESTERDAY)
    write_failed_attempt(store, tmp_path / "2026/10/30", YESTERDAY, NOW)
    assert read(lake) == uuids(10)


def test_without_any_manifest_a_file_that_is_cut_off_is_an_error(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    [_, broken] = write_failed_attempt(store, tmp_path, YESTERDAY, NOW)
    with pytest.raises(UserError, match=r"-1\.parquet cannot be read"):
        read(lake)
    assert broken.name in [file.path for file in lake.list_files()]


def test_sets_from_before_there_were_manifests_stay(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    write_lake(store, tmp_path, START, YESTERDAY, SINGLE)
    write_lake(store, tmp_path, YESTERDAY, NOW)
    assert read(lake) == uuids(20)


def test_a_file_that_a_manifest_lists_must_be_there(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    schedule = Schedule(make=Make(parts=2))
    *_, gone, _ = write_lake(store, tmp_path, START, NOW, schedule)
    gone.unlink()
    with pytest.raises(UserError, match="a manifest lists .*which is not there"):
        lake.list_files()


def test_a_manifest_may_name_the_keys_of_a_bucket(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    [*files, manifest] = write_lake(store, tmp_path, START, START + DAY)
    keys = [f"exports/2026/{file.name}" for file in files]
    manifest.write_text(json.dumps({"files": keys}))
    assert read(lake) == uuids(10)


@pytest.mark.parametrize("content", ['{"files": [', "[]", "{}", '{"files": [1]}'])
def test_a_manifest_that_is_none_is_named(
    store: Store, lake: Lake, tmp_path: Path, content: str
) -> None:
    [*_, manifest] = write_lake(store, tmp_path, START, NOW)
    manifest.write_text(content)
    with pytest.raises(UserError, match="_manifest.json is no manifest"):
        lake.list_files()


def test_a_file_that_changed_is_another_one(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    write_lake(store, tmp_path, START, NOW)
    before = set(lake.list_files())
    assert set(lake.list_files()) == before
    store.add("stored_events", event_rows(5, 100, created_at=YESTERDAY))
    write_lake(store, tmp_path, YESTERDAY, NOW)
    [changed] = set(lake.list_files()) - before
    assert sum(len(rows) for rows in lake.read_events(changed, NAMES)) == 15


def test_the_compression_may_end_the_name(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    first, last = write_lake(store, tmp_path, START, NOW, SINGLE)
    first.rename(f"{first}.zst")
    # A copy under way, as the AWS command line names it.
    last.rename(f"{last}.6eF5b5dA")
    assert read(lake) == uuids(10)


@pytest.mark.parametrize("folder", ["events", "."])
def test_each_model_has_its_folder(
    store: Store, lake: Lake, tmp_path: Path, folder: str
) -> None:
    identities.add_person(store, "ann", ANN, START)
    persons = Schedule(model="persons")
    write_lake(store, tmp_path / folder, START, NOW)
    assert lake.list_files("persons") == []
    write_lake(store, tmp_path / "persons", START, NOW, persons)
    assert read(lake) == uuids(20)
    assert len(lake.list_files("persons")) == 1


def test_persons_are_those_of_the_last_export(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    schedule = Schedule(model="persons")
    identities.add_person(store, "ann", ANN, START)
    identities.add_person(store, "phone", BOB, START)
    identities.add_person(store, "carl", CARL, START)
    write_lake(store, tmp_path / "persons", START, YESTERDAY, schedule)
    identities.point(store, "phone", ANN, YESTERDAY)
    identities.delete(store, "carl", CARL, YESTERDAY)
    write_lake(store, tmp_path / "persons", YESTERDAY, NOW, schedule)
    persons, distinct_ids = lake.read_persons(lake.list_files("persons"))
    assert persons.to_pylist() == [
        {"id": ANN, "created_at": START, "is_identified": None}
    ]
    rows = sorted(distinct_ids.to_pylist(), key=lambda row: row["distinct_id"])
    assert [tuple(row.values()) for row in rows] == [
        ("ann", ANN, 0, False),
        ("carl", CARL, 1, True),
        ("phone", ANN, 1, False),
    ]


def test_events_among_the_persons_are_an_error(
    store: Store, lake: Lake, tmp_path: Path
) -> None:
    write_lake(store, tmp_path / "persons", START, NOW)
    with pytest.raises(UserError, match="persons/.* lacks .*is_deleted"):
        lake.read_persons(lake.list_files("persons"))


def test_a_file_that_is_gone_is_named(store: Store, lake: Lake, tmp_path: Path) -> None:
    write_lake(store, tmp_path, START, NOW)
    file, *_ = lake.list_files()
    (tmp_path / file.path).unlink()
    with pytest.raises(UserError, match="2026-10-28.*cannot be read"):
        list(lake.read_events(file, NAMES))


def test_a_url_is_a_lake_too(store: Store, tmp_path: Path) -> None:
    write_lake(store, tmp_path, START, NOW)
    assert read(open_lake(f"file://{tmp_path}")) == uuids(20)
    assert read(open_lake(f"file://{tmp_path}/")) == uuids(20)


def test_a_bucket_is_a_lake_too(store: Store, tmp_path: Path) -> None:
    write_lake(store, tmp_path / "posthog/events", START, NOW)
    with running_bucket(tmp_path) as url:
        assert read(open_lake(url.replace("exports?", "exports/posthog?"))) == uuids(20)
        nothing = open_lake(url.replace("exports?", "exports/nothing?"))
        with pytest.raises(UserError, match="exports/nothing is not a folder"):
            nothing.list_files()


def test_a_bucket_that_refuses_is_told(tmp_path: Path) -> None:
    with (
        running_bucket(tmp_path, status=403) as url,
        pytest.raises(UserError, match="exports cannot be listed") as error,
    ):
        open_lake(url).list_files()
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_relative_path_is_one_from_here(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lake(store, tmp_path / "exports", START, NOW)
    monkeypatch.chdir(tmp_path)
    assert read(open_lake("exports/")) == uuids(20)


def test_a_folder_without_exports_is_told(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"{tmp_path} holds no complete export"):
        lake.list_files()
    (tmp_path / "events.jsonl").write_text("{}")
    with pytest.raises(UserError, match="the format of the export is Parquet"):
        lake.list_files()


@pytest.mark.parametrize("name", ["nothing", "file"])
def test_what_is_no_folder_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=f"POSTHOG_EXPORT_DIR: .*{name} is not a fold"):
        open_lake(str(tmp_path / name)).list_files()


@pytest.mark.parametrize("start", ["ftp://", "s3:/", "s3:"])
def test_a_url_that_is_none_is_told_without_its_secret(start: str) -> None:
    with pytest.raises(UserError, match="this URL cannot be opened") as error:
        open_lake(f"{start}user:secret@host/folder")
    assert error.value.__context__ is None
    assert "secret" not in str(error.value)
