import json
from collections.abc import Callable
from pathlib import Path

import pytest

from loaders import neon
from loaders.errors import UserError
from loaders.load import load_source
from loaders.settings import Settings
from tests.conftest import query

pytestmark = pytest.mark.usefixtures("working_directory")

TOKEN = "fcm-device-token-0001"
JOB = {
    "jobId": "job-1",
    "status": "in_progress",
    "startTime": "2026-03-01T10:00:00.250Z",
    "request": {
        "audienceDescription": "Everyone",
        "audienceSize": 0,
        "title": " New drop [[var:brand]] ",
        "dryRun": False,
    },
    "batches": [
        {
            "batchNumber": 1,
            "totalBatches": 2,
            "status": "failed",
            "successCount": 499,
            "failureCount": 1,
            "timestamp": "2026-03-01T10:00:05Z",
            "successfulTokens": [TOKEN],
            "failedTokens": [TOKEN],
        }
    ],
}
AUTOMATION = {
    "id": "6a3b",
    "name": "Friday drop",
    "isActive": True,
    "schedule": {"timezone": "Europe/Berlin", "executionTime": "18:30"},
    "pushSequence": [
        {"sequenceOrder": 1, "title": "Now", "layerId": 2, "timing": {}},
        {"sequenceOrder": 2, "title": "Later", "timing": {"delayAfterPrevious": 60}},
    ],
}


@pytest.fixture
def folders(tmp_path: Path) -> Settings:
    """One automation config and one push job log."""
    for folder, name, content in (
        ("automations", "6a3b", AUTOMATION),
        ("logs", "job-1", JOB),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.json").write_text(json.dumps(content))
    return Settings(
        push_automations_dir=str(tmp_path / "automations"),
        push_logs_dir=str(tmp_path / "logs"),
    )


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


def test_configs_and_logs_land_without_device_tokens(
    folders: Settings, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    assert load(folders, warehouse) == {
        "automations": (1, 0, 0),
        "automation_pushes": (2, 0, 0),
        "push_jobs": (1, 0, 0),
        "push_job_batches": (1, 0, 0),
    }
    assert query(
        warehouse,
        "select title, is_dry_run, success_count, started_at::varchar "
        "from staging_neon.push_jobs",
    ) == [(" New drop [[var:brand]] ", False, None, "2026-03-01 10:00:00.25+00")]
    assert query(
        warehouse,
        "select sequence_order, layer_id, delay_after_previous "
        "from staging_neon.automation_pushes order by 1",
    ) == [(1, 2, None), (2, None, 60)]
    landed = b"".join(
        path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.suffix != ".json"
    )
    assert TOKEN.encode() not in landed
    assert b"Friday drop" in landed, "the search finds what did land"


def test_only_new_and_changed_files_are_read(
    folders: Settings, new_warehouse: Callable
) -> None:
    warehouse = new_warehouse("duckdb")
    load(folders, warehouse)
    assert all(count == (0, 0, 0) for count in load(folders, warehouse).values())

    finished = {**JOB, "status": "completed", "summary": {"successCount": 500}}
    Path(folders.push_logs_dir, "job-1.json").write_text(json.dumps(finished))
    assert load(folders, warehouse)["push_jobs"] == (0, 1, 0)
    assert query(
        warehouse, "select status, success_count from staging_neon.push_jobs"
    ) == [("completed", 500)]


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"status": "x"}', '{"jobId": 7, "startTime": "soon"}']
)
def test_a_broken_file_is_rejected_and_counted(
    content: str,
    folders: Settings,
    new_warehouse: Callable,
    caplog: pytest.LogCaptureFixture,
) -> None:
    warehouse = new_warehouse("duckdb")
    Path(folders.push_logs_dir, "broken.json").write_text(content)
    assert load(folders, warehouse)["push_jobs"] == (1, 0, 1)
    assert "broken.json is rejected" in caplog.text


def test_a_folder_that_does_not_exist_is_an_error(
    tmp_path: Path, new_warehouse: Callable
) -> None:
    settings = Settings(push_logs_dir=str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="PUSH_LOGS_DIR: .* is not a folder"):
        load(settings, new_warehouse("duckdb"))
