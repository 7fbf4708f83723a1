"""An automation config and a push job log, and folders to put such files into."""

import json
from pathlib import Path

from warehouse.settings import Settings

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


BATCH = {"batchNumber": 1, "totalBatches": 1, "successCount": 1}


def write(folder: str | Path | None, name: str, content: object) -> Path:
    """Write a file: bytes as they are, anything else as JSON."""
    path = Path(folder or "", f"{name}.json")
    is_raw = isinstance(content, bytes)
    path.write_bytes(content if is_raw else json.dumps(content).encode())
    return path


def push_folders(directory: Path) -> Settings:
    """Create the two folders, with a file each."""
    for folder, name, content in (
        ("automations", "6a3b", AUTOMATION),
        ("logs", "job-1", JOB),
    ):
        (directory / folder).mkdir()
        write(directory / folder, name, content)
    return Settings(
        push_automations_dir=str(directory / "automations"),
        push_logs_dir=str(directory / "logs"),
    )
