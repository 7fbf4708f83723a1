"""The two folders beside the cadence database: automation configs and push job logs.

A file lands whole or not at all. One that is not as it should be is named and counted
as rejected, and what landed of it before stays. Of files with one id the one with the
newest time in it lands, or else the one with the greatest hash. Device tokens and
counters known to be stale are never taken.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from loaders.contract import Table
from loaders.push_fields import Document, Row, UnfitError
from warehouse.errors import WithheldError
from warehouse.settings import Settings
from warehouse.text import printable

logger = logging.getLogger(__name__)

DOCUMENTS = {
    "PUSH_AUTOMATIONS_DIR": Document(
        table="automations",
        fields={
            "id": "id",
            "name": "name",
            "type": "type",
            "status": "status",
            "is_active": "isActive",
            "schedule_timezone": "schedule.timezone",
            "schedule_frequency": "schedule.frequency",
            "schedule_execution_time": "schedule.executionTime",
            "schedule_lead_time_minutes": "schedule.leadTimeMinutes",
            "schedule_cron_expression": "schedule.cronExpression",
            "created_at": "createdAt",
            "updated_at": "updatedAt",
        },
        part_table="automation_pushes",
        parts="pushSequence",
        part_key=("automation_id", "push_position"),
        part_fields={
            "sequence_order": "sequenceOrder",
            "title": "title",
            "body": "body",
            "deep_link": "deepLink",
            "layer_id": "layerId",
            "audience_name": "audienceName",
            "delay_after_previous": "timing.delayAfterPrevious",
        },
    ),
    "PUSH_LOGS_DIR": Document(
        table="push_jobs",
        fields={
            "job_id": "jobId",
            "status": "status",
            "started_at": "startTime",
            "ended_at": "endTime",
            "audience_description": "request.audienceDescription",
            "title": "request.title",
            "body": "request.body",
            "deep_link": "request.deepLink",
            "layer_id": "request.layerId",
            "is_dry_run": "request.dryRun",
            "success_count": "summary.successCount or successCount",
            "failed_count": "summary.failedCount or failedCount",
            "total_tokens": "summary.totalTokens or totalTokens",
        },
        part_table="push_job_batches",
        parts="batches",
        part_key=("job_id", "batch_position"),
        part_fields={
            "batch_number": "batchNumber",
            "total_batches": "totalBatches",
            "status": "status",
            "success_count": "successCount",
            "failure_count": "failureCount",
            "sent_at": "timestamp",
        },
    ),
}


@dataclass(frozen=True)
class PushFile:
    """A file that may land.

    Attributes:
        file_id: the job, or the automation.
        rows: its rows by table.
        rank: of files with one id the greatest lands: the newest time, and the hash.
    """

    name: str
    written_at: datetime
    file_id: str
    rows: dict[str, list[Row]]
    rank: tuple[datetime, str]


@dataclass(frozen=True)
class FolderTable:
    """A declared table, and its rows in the files of a folder.

    Attributes:
        rows: one without a key is a file that the contract rejects and counts.
        newest_file_at: when the newest file was written.
        problem: why the folder cannot be read, if it cannot.
    """

    table: Table
    rows: list[Row]
    newest_file_at: datetime | None
    problem: str = ""

    @property
    def is_of_parts(self) -> bool:
        """Whether its rows are parts of files, of which a file may have none."""
        return self.table.name in {one.part_table for one in DOCUMENTS.values()}

    def check(self, _: int, __: set[str]) -> list[str]:
        """See `Checkable`; a folder that cannot be read stops no other table."""
        if self.problem:
            raise WithheldError(self.problem)
        return []

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield all rows."""
        yield pa.Table.from_pylist(self.rows, self.table.arrow_schema)


def open_folders(settings: Settings, tables: list[Table]) -> list[FolderTable]:
    """Read the folders that are configured."""
    declared = {table.name: table for table in tables if table.origin == "files"}
    opened = []
    for variable, document in DOCUMENTS.items():
        folder = settings.value(variable)
        names = (document.table, document.part_table)
        if not folder:
            logger.warning(
                "%s is not set, %s stay empty", variable, " and ".join(names)
            )
            continue
        try:
            paths = _json_files(Path(folder))
        except OSError as error:
            problem = (
                f"{variable}: {folder} is not a folder that can be read "
                f"({error.strerror}): create it, mend its rights, or unset the variable"
            )
            opened += [FolderTable(declared[name], [], None, problem) for name in names]
            continue
        files, rejected = _read_files(variable, document, paths, declared)
        newest = max((file.written_at for file in files), default=None)
        for name in names:
            rows = [row for file in files for row in file.rows[name]]
            rows += [{}] * (rejected if name == document.table else 0)
            opened.append(FolderTable(declared[name], rows, newest))
    return opened


def _json_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")


def _read_files(
    variable: str, document: Document, paths: list[Path], tables: dict[str, Table]
) -> tuple[list[PushFile], int]:
    """Return the files that land, one of each id, and how many do not."""
    found: dict[str, list[PushFile]] = defaultdict(list)
    rejected: dict[str, object] = {}
    for path in paths:
        try:
            file = _read_file(document, path, tables)
            found[file.file_id].append(file)
        except UnfitError as reason:
            rejected[path.name] = reason
    landing = []
    for files in found.values():
        *others, chosen = sorted(files, key=lambda file: file.rank)
        landing.append(chosen)
        for other in others:
            rejected[other.name] = (
                f"{document.id_field} is that of {printable(chosen.name)} as well"
            )
    for name, reason in rejected.items():
        logger.warning(
            "%s: %s is rejected: %s; mend the file or take it out of the folder",
            variable,
            printable(name),
            reason,
        )
    return landing, len(rejected)


def _read_file(document: Document, path: Path, tables: dict[str, Table]) -> PushFile:
    if path.exists() and not path.is_file():
        raise UnfitError("it is no file")
    try:
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        content = path.read_bytes()
        file_id, rows = document.read(json.loads(content), tables)
    except OSError as error:
        raise UnfitError(f"it cannot be read ({error.strerror})") from None
    except json.JSONDecodeError as error:
        raise UnfitError(f"line {error.lineno} is no JSON") from None
    except (ValueError, RecursionError):
        raise UnfitError("it is no JSON in UTF-8") from None
    file_hash = hashlib.sha256(content).hexdigest()
    all_rows = [row for table_rows in rows.values() for row in table_rows]
    times = [at for row in all_rows for at in row.values() if isinstance(at, datetime)]
    for row in all_rows:
        row["file_hash"] = file_hash
    newest = max(times, default=datetime.min.replace(tzinfo=UTC))
    return PushFile(path.name, written_at, file_id, rows, (newest, file_hash))
