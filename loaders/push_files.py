"""The two folders beside the cadence database: automation configs and push job logs.

A file is read once: its SHA-256 stands beside its rows, and a file whose hash has
landed is skipped. Device tokens and counters known to be stale are never taken.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from loaders.contract import ARROW_TYPES, Table
from loaders.errors import UserError
from loaders.settings import Settings

logger = logging.getLogger(__name__)

Row = dict[str, Any]
ROWS_PER_BATCH = 10_000
UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def automation(config: Row) -> list[Row]:
    """Return the row of an automation config."""
    schedule = config.get("schedule") or {}
    return [
        {
            "id": config["id"],
            "name": config.get("name"),
            "type": config.get("type"),
            "status": config.get("status"),
            "is_active": config.get("isActive"),
            "schedule_timezone": schedule.get("timezone"),
            "schedule_frequency": schedule.get("frequency"),
            "schedule_execution_time": schedule.get("executionTime"),
            "schedule_lead_time_minutes": schedule.get("leadTimeMinutes"),
            "schedule_cron_expression": schedule.get("cronExpression"),
            "created_at": config.get("createdAt"),
            "updated_at": config.get("updatedAt"),
        }
    ]


def automation_pushes(config: Row) -> list[Row]:
    """Return a row for each push in the sequence of an automation config."""
    return [
        {
            "automation_id": config["id"],
            "sequence_order": push["sequenceOrder"],
            "title": push.get("title"),
            "body": push.get("body"),
            "deep_link": push.get("deepLink"),
            "layer_id": push.get("layerId"),
            "audience_name": push.get("audienceName"),
            "delay_after_previous": (push.get("timing") or {}).get(
                "delayAfterPrevious"
            ),
        }
        for push in config.get("pushSequence") or []
    ]


def push_job(log: Row) -> list[Row]:
    """Return the row of a push job log; its counts stand in one of two places."""
    request = log.get("request") or {}
    counts = log.get("summary") or log
    return [
        {
            "job_id": log["jobId"],
            "status": log.get("status"),
            "started_at": log.get("startTime"),
            "ended_at": log.get("endTime"),
            "audience_description": request.get("audienceDescription"),
            "title": request.get("title"),
            "body": request.get("body"),
            "deep_link": request.get("deepLink"),
            "layer_id": request.get("layerId"),
            "is_dry_run": request.get("dryRun"),
            "success_count": counts.get("successCount"),
            "failed_count": counts.get("failedCount"),
            "total_tokens": counts.get("totalTokens"),
        }
    ]


def push_job_batches(log: Row) -> list[Row]:
    """Return a row for each batch of a push job log."""
    return [
        {
            "job_id": log["jobId"],
            "batch_number": batch["batchNumber"],
            "total_batches": batch.get("totalBatches"),
            "status": batch.get("status"),
            "success_count": batch.get("successCount"),
            "failure_count": batch.get("failureCount"),
            "sent_at": batch.get("timestamp"),
        }
        for batch in log.get("batches") or []
    ]


FOLDERS: dict[str, tuple[str, Callable[[Row], list[Row]]]] = {
    "automations": ("PUSH_AUTOMATIONS_DIR", automation),
    "automation_pushes": ("PUSH_AUTOMATIONS_DIR", automation_pushes),
    "push_jobs": ("PUSH_LOGS_DIR", push_job),
    "push_job_batches": ("PUSH_LOGS_DIR", push_job_batches),
}


@dataclass(frozen=True)
class FolderTable:
    """A declared table whose rows stand in a folder of JSON files."""

    table: Table
    folder: Path
    parse: Callable[[Row], list[Row]]

    def read(self, _: datetime | None, known: pa.Table | None) -> Iterator[pa.Table]:
        """Yield the rows of the files that are not among the `known` rows.

        A file that cannot be read becomes one row without a key, which the contract
        rejects and counts.
        """
        known_hashes = set(known["file_hash"].to_pylist()) if known else set()
        rows: list[Row] = []
        for path in sorted(self.folder.glob("*.json")):
            rows += self._rows(path, known_hashes)
            if len(rows) >= ROWS_PER_BATCH:
                yield self._table(rows)
                rows = []
        yield self._table(rows)

    def newest_file_at(self) -> datetime | None:
        """Return when the newest file was written."""
        seconds = [path.stat().st_mtime for path in self.folder.glob("*.json")]
        return datetime.fromtimestamp(max(seconds), UTC) if seconds else None

    def _rows(self, path: Path, known_hashes: set[str]) -> list[Row]:
        try:
            content = path.read_bytes()
            file_hash = hashlib.sha256(content).hexdigest()
            if file_hash in known_hashes:
                return []
            rows = self.parse(json.loads(content))
            self._table(rows)
        except UNREADABLE as error:
            # The message may quote the file, so only its kind is told.
            logger.warning(
                "%s: %s is rejected (%s): mend the file or take it out of the folder",
                self.table.source,
                path.name,
                type(error).__name__,
            )
            return [{}]
        return [{**row, "file_hash": file_hash} for row in rows]

    def _table(self, rows: list[Row]) -> pa.Table:
        columns = {}
        for name, type_name in self.table.landed.items():
            values = [row.get(name) for row in rows]
            if type_name == "timestamp":
                values = [value and datetime.fromisoformat(value) for value in values]
            columns[name] = pa.array(values, ARROW_TYPES[type_name])
        return pa.table(columns)


def open_folders(settings: Settings, tables: list[Table]) -> list[FolderTable]:
    """Return the tables of the folders that are configured.

    Raises:
        UserError: a configured folder does not exist.
    """
    opened = []
    for table in tables:
        if table.origin != "files":
            continue
        variable, parse = FOLDERS[table.name]
        folder = settings.value(variable)
        if not folder:
            logger.warning("%s is not set, %s stays empty", variable, table.name)
        elif not Path(folder).is_dir():
            raise UserError(
                f"{variable}: {folder} is not a folder; create it or unset the variable"
            )
        else:
            opened.append(FolderTable(table, Path(folder), parse))
    return opened
