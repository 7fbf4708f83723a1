import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loaders import neon
from loaders.push_fields import Row
from tests.helpers.push_folders import AUTOMATION, BATCH, JOB, push_folders, write
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("working_directory")
SECRET = "secret-4711"


@pytest.fixture
def folders(tmp_path: Path) -> Settings:
    """Folders of one automation config and one push job log."""
    return push_folders(tmp_path)


def rows_of(settings: Settings) -> dict[str, list[Row]]:
    """Return what would land, by table; a rejected file is an empty row."""
    with neon.open_source(settings) as tables:
        return {one.table.name: one.rows for one in tables}


def rejections(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines about rejected files since the last call."""
    lines = [line for line in caplog.messages if " is rejected: " in line]
    caplog.clear()
    return lines


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{\n" + SECRET.encode(), "line 2 is no JSON"),
        (SECRET.encode("utf-16") + b"\xff", "it is no JSON in UTF-8"),
        (b"\xff\xfe\xfa", "it is no JSON in UTF-8"),
        (b"[" * 100_000, "it is no JSON in UTF-8"),
        ([SECRET], "the file must be an object"),
        ({"status": SECRET}, "jobId is missing"),
        ({**JOB, "jobId": True}, "jobId must be a text or a whole number"),
        ({**JOB, "jobId": "7\0"}, "jobId must be a text or a whole number"),
        ({**JOB, "startTime": SECRET}, "startTime must be a time such as"),
        ({**JOB, "request": [SECRET]}, "request must be an object"),
        ({**JOB, "request": {"title": 7}}, "request.title must be a text"),
        ({**JOB, "request": {"title": "\ud800"}}, "request.title must be a text"),
        ({**JOB, "request": {"layerId": 3.7}}, "request.layerId must be a whole"),
        ({**JOB, "request": {"dryRun": SECRET}}, "request.dryRun must be true or"),
        ({**JOB, "failedCount": 2**63}, "failedCount must be a whole number"),
        ({**JOB, "summary": {"successCount": -1}}, "summary.successCount must be"),
        ({**JOB, "batches": {"1": SECRET}}, "batches must be a list"),
        ({**JOB, "batches": [BATCH, SECRET]}, "batches[2] must be an object"),
        (
            {**JOB, "batches": [BATCH, {**BATCH, "successCount": 0.5}]},
            "batches[2].successCount must be a whole number",
        ),
    ],
)
def test_a_log_that_is_wrong_anywhere_lands_nothing_and_is_named_once(
    content: object, reason: str, folders: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    if isinstance(content, dict) and content.get("jobId") == "job-1":
        content = {**content, "jobId": "job-2"}
    write(folders.push_logs_dir, "broken\x1b[31m", content)
    rows = rows_of(folders)
    assert [row.get("job_id") for row in rows["push_jobs"]] == ["job-1", None]
    assert [row["job_id"] for row in rows["push_job_batches"]] == ["job-1"]
    [line] = rejections(caplog)
    assert rf"broken\x1b[31m.json is rejected: {reason}" in line
    assert line.isprintable()
    assert SECRET not in line


@pytest.mark.parametrize("layer", [3.7, "3", True])
def test_a_config_that_is_wrong_in_one_push_lands_none(
    layer: object, folders: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    pushes = [*AUTOMATION["pushSequence"], {"sequenceOrder": 3, "layerId": layer}]
    config = {**AUTOMATION, "id": "7c4d", "pushSequence": pushes}
    write(folders.push_automations_dir, "7c4d", config)
    rows = rows_of(folders)
    assert [row.get("id") for row in rows["automations"]] == ["6a3b", None]
    assert {row["automation_id"] for row in rows["automation_pushes"]} == {"6a3b"}
    [line] = rejections(caplog)
    assert "7c4d.json is rejected: pushSequence[3].layerId must be a whole" in line


def test_what_has_one_meaning_is_taken(
    folders: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    job = {
        "jobId": 7,
        "request": {"dryRun": " True ", "layerId": 3.0},
        "summary": {},
        "successCount": 9,
        "batches": [
            {"successCount": 2.0, "timestamp": "2026-03-01T11:00:00+01:00"},
            {"status": "failed"},
        ],
    }
    elsewhere = write(".", "elsewhere", job)
    Path(folders.push_logs_dir, "linked.json").symlink_to(elsewhere.resolve())
    marked = b"\xef\xbb\xbf" + json.dumps({"jobId": "8", "batches": None}).encode()
    write(folders.push_logs_dir, "with a byte order mark", marked)
    rows = rows_of(folders)
    assert not rejections(caplog)
    names = ("job_id", "is_dry_run", "layer_id", "success_count")
    jobs = [tuple(row[name] for name in names) for row in rows["push_jobs"]]
    assert jobs == [
        ("job-1", False, None, None),
        ("7", True, 3, 9),
        ("8", None, None, None),
    ]
    names = ("job_id", "batch_position", "success_count", "sent_at")
    _, *batches = (
        tuple(row[name] for name in names) for row in rows["push_job_batches"]
    )
    assert batches == [
        ("7", 1, 2, datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("7", 2, None, None),
    ]


def test_what_is_no_file_that_can_be_read_is_named(
    folders: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    logs = Path(folders.push_logs_dir)
    (logs / "folder.json").mkdir()
    os.mkfifo(logs / "pipe.json")
    (logs / "gone.json").symlink_to(logs / "nowhere")
    (logs / "loop.json").symlink_to(logs / "loop.json")
    (logs / "notes.txt").write_text("no log")
    assert [bool(row) for row in rows_of(folders)["push_jobs"]] == [True, *[False] * 4]
    reasons = [line.split("; ")[0] for line in sorted(rejections(caplog))]
    assert reasons == [
        "PUSH_LOGS_DIR: folder.json is rejected: it is no file",
        "PUSH_LOGS_DIR: gone.json is rejected: "
        "it cannot be read (No such file or directory)",
        "PUSH_LOGS_DIR: loop.json is rejected: "
        "it cannot be read (Too many levels of symbolic links)",
        "PUSH_LOGS_DIR: pipe.json is rejected: it is no file",
    ]
