import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from loaders import contract, neon
from loaders.load import load_source
from tests.conftest import ENGINES, query
from tests.helpers.push_folders import (
    AUTOMATION,
    BATCH,
    JOB,
    TOKEN,
    push_folders,
    write,
)
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")

BATCHES = (
    "select count(*), cast(sum(success_count) as bigint) "
    "from staging_neon.push_job_batches"
)


@pytest.fixture
def folders(tmp_path: Path) -> Settings:
    """Folders of one automation config and one push job log."""
    return push_folders(tmp_path)


def load(settings: Settings, warehouse: str) -> dict[str, tuple[int, int, int]]:
    with neon.open_source(settings) as tables:
        results = load_source("neon", tables, warehouse, "key", "real")
    return {
        result.table.name: (
            result.rows_new,
            result.rows_changed,
            result.rows_rejected,
        )
        for result in results
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_configs_and_logs_land_without_device_tokens(
    engine: str, folders: Settings, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    assert load(folders, warehouse) == {
        "automations": (1, 0, 0),
        "automation_pushes": (2, 0, 0),
        "push_jobs": (1, 0, 0),
        "push_job_batches": (1, 0, 0),
    }
    [(*job, started_at)] = query(
        warehouse,
        "select title, is_dry_run, success_count, started_at "
        "from staging_neon.push_jobs",
    )
    assert job == ["New drop [[var:brand]]", False, None]
    assert started_at.isoformat() == "2026-03-01T10:00:00.250000+00:00"
    assert query(
        warehouse,
        "select push_position, layer_id, delay_after_previous "
        "from staging_neon.automation_pushes order by 1",
    ) == [(1, 2, None), (2, None, 60)]
    landed = b"".join(
        path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.suffix != ".json"
    )
    assert TOKEN.encode() not in landed
    assert engine == "postgres" or b"Friday drop" in landed, "it finds what did land"


def test_only_new_and_changed_files_land(
    folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(folders, warehouse)
    assert all(count == (0, 0, 0) for count in load(folders, warehouse).values())

    finished = {**JOB, "status": "completed", "summary": {"successCount": 500}}
    write(folders.push_logs_dir, "job-1", finished)
    assert load(folders, warehouse)["push_jobs"] == (0, 1, 0)
    assert query(
        warehouse, "select status, success_count from staging_neon.push_jobs"
    ) == [("completed", 500)]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_batch_lands_whatever_number_it_gives_itself(
    engine: str, folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    write(folders.push_logs_dir, "job-1", {**JOB, "batches": [BATCH] * 300})
    assert load(folders, warehouse)["push_job_batches"] == (300, 0, 0)
    assert query(warehouse, BATCHES) == [(300, 300)]
    assert all(count == (0, 0, 0) for count in load(folders, warehouse).values())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_warehouse_of_the_older_key_gets_the_batches_it_lacked(
    engine: str,
    folders: Settings,
    new_warehouse: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse(engine)
    write(folders.push_logs_dir, "job-1", {**JOB, "batches": [BATCH] * 300})
    older = yaml.safe_load(contract.CONTRACT_FILE.read_text(encoding="utf-8"))
    batches = older["sources"]["neon"]["files"]["push_job_batches"]
    batches["key"] = ["job_id", "batch_number"]
    del batches["columns"]["batch_position"]
    with monkeypatch.context() as patch:
        patch.setattr(contract, "CONTRACT_FILE", tmp_path / "older.yml")
        contract.CONTRACT_FILE.write_text(yaml.safe_dump(older, sort_keys=False))
        contract.read_contract.cache_clear()
        load(folders, warehouse)
    contract.read_contract.cache_clear()
    assert query(warehouse, BATCHES) == [(1, 1)]
    assert load(folders, warehouse)["push_job_batches"] == (300, 0, 0)
    assert query(warehouse, BATCHES) == [(300, 300)]
    assert all(count == (0, 0, 0) for count in load(folders, warehouse).values())


def test_the_last_day_there_is_stands_for_no_time(
    folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    write(
        folders.push_logs_dir, "job-1", {**JOB, "endTime": "0001-01-01T00:00:00+05:00"}
    )
    load(folders, warehouse)
    assert query(warehouse, "select ended_at from staging_neon.push_jobs") == [(None,)]


def test_two_pushes_of_one_turn_both_land(
    folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    pushes = [{**push, "sequenceOrder": 1} for push in AUTOMATION["pushSequence"]]
    write(folders.push_automations_dir, "6a3b", {**AUTOMATION, "pushSequence": pushes})
    load(folders, warehouse)
    assert query(
        warehouse,
        "select push_position, sequence_order, title "
        "from staging_neon.automation_pushes order by 1",
    ) == [(1, 1, "Now"), (2, 1, "Later")]


@pytest.mark.parametrize("engine", ENGINES)
def test_of_copies_the_newest_lands_whatever_they_are_called(
    engine: str,
    folders: Settings,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    warehouse = new_warehouse(engine)
    longer = {**JOB, "batches": [BATCH] * 5}
    newer = {**longer, "endTime": "2026-03-02T10:00:00Z", "batches": [BATCH] * 3}
    write(folders.push_logs_dir, "a", newer)
    write(folders.push_logs_dir, "b", longer)
    os.remove(Path(folders.push_logs_dir, "job-1.json"))
    assert load(folders, warehouse)["push_jobs"] == (1, 0, 1)
    told = "b.json is rejected: jobId is that of a.json as well"
    assert caplog.text.count(told) == 1
    assert query(warehouse, BATCHES) == [(3, 3)]

    write(folders.push_logs_dir, "a", longer)
    write(folders.push_logs_dir, "b", newer)
    write(folders.push_logs_dir, "c", newer)
    assert load(folders, warehouse)["push_jobs"] == (0, 0, 2)
    assert query(warehouse, BATCHES) == [(3, 3)]


def test_what_landed_of_a_file_stays_while_the_file_is_broken(
    folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(folders, warehouse)
    write(folders.push_logs_dir, "job-1", b'{"jobId": "job-1", ')
    assert load(folders, warehouse)["push_jobs"] == (0, 0, 1)
    assert query(warehouse, BATCHES) == [(1, 499)]
    write(folders.push_logs_dir, "job-1", {**JOB, "batches": [BATCH] * 2})
    assert load(folders, warehouse)["push_job_batches"] == (1, 1, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_character_that_postgres_does_not_take_stops_nothing(
    engine: str, folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse(engine)
    log = {**JOB, "request": {"title": "New\0 drop", "audienceDescription": "\0"}}
    write(folders.push_logs_dir, "job-1", log)
    load(folders, warehouse)
    texts = "select title, audience_description from staging_neon.push_jobs"
    assert query(warehouse, texts) == [("New drop", None)]


@pytest.mark.parametrize(
    ("is_there", "told"),
    [
        (False, "PUSH_LOGS_DIR: {folder} is not a folder that can be read (No such"),
        (True, "neon: push_jobs is empty, and 1 rows of it landed before"),
    ],
)
def test_a_folder_that_has_nothing_any_more_is_an_error(
    is_there: bool, told: str, folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(folders, warehouse)
    logs = Path(folders.push_logs_dir)
    logs.rename(logs.with_name("elsewhere"))
    if is_there:
        logs.mkdir()
    config = {**AUTOMATION, "name": "New name"}
    write(folders.push_automations_dir, "6a3b", config)
    with neon.open_source(folders) as tables:
        results = load_source("neon", tables, warehouse, "key", "real")
    told_of = {result.table.name: result.error for result in results if result.error}
    assert told_of.keys() <= {"push_jobs", "push_job_batches"}
    assert told_of["push_jobs"].startswith(told.format(folder=logs))
    [(name,)] = query(warehouse, "select name from staging_neon.automations")
    assert name == "New name", "the other folder lands"
    assert query(warehouse, BATCHES) == [(1, 499)], "what landed stays"
