"""Scheduled exports in a folder: what the lake mode of a loader reads.

Each interval makes a set of Parquet files named `<start>-<end>[-<number>].parquet`;
where a set can have several files, `<start>-<end>_manifest.json` follows as the last
one and lists them. Files without a manifest are then leftovers of an attempt that
failed, perhaps cut off. A row can be delivered twice, in one file or in two.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from stand_ins.posthog.parquet import Interval, Make, export
from stand_ins.posthog.store import EPOCH, VISIBILITY_LAG, Store


@dataclass(frozen=True)
class Schedule:
    """How exports are scheduled.

    Attributes:
        every: the length of an interval.
        make: how the files come out: parts, extra columns, repeated or lost rows.
        has_manifest: whether sets are manifested, and their files numbered.
        overlap: what each set delivers once more of the time before its interval.
        model: events or persons; give each a folder of its own.
    """

    every: timedelta = timedelta(days=1)
    make: Make = field(default_factory=Make)
    has_manifest: bool = True
    overlap: timedelta = timedelta()
    model: str = "events"


def write_lake(
    store: Store,
    folder: Path,
    start: datetime,
    end: datetime,
    schedule: Schedule | None = None,
) -> list[Path]:
    """Write the sets of all intervals from `start` that are over at `end`.

    Rows that arrive later belong to later intervals: write those with a second call.

    Returns:
        The files, in the order in which they were written.
    """
    schedule = schedule or Schedule()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    while start + schedule.every <= end:
        paths += _write_set(store, folder, start, schedule)
        start += schedule.every
    return paths


def write_everything(
    store: Store, folder: Path, now: datetime, schedule: Schedule | None = None
) -> list[Path]:
    """Write all that was received, from the first UTC day to the last that is over."""
    sql = "select epoch_us(min(created_at)) // 86400000000 from stored_events"
    [(first_day,)] = store.execute(sql)
    if first_day is None:
        return []
    start = EPOCH + timedelta(days=first_day)
    return write_lake(store, folder, start, now, schedule)


def write_failed_attempt(
    store: Store, folder: Path, start: datetime, end: datetime
) -> list[Path]:
    """Write one interval as an attempt that broke off: two files, no manifest.

    The second file is cut in half. Write the interval again to repair it.
    """
    schedule = Schedule(end - start, Make(parts=2))
    *paths, last, manifest = write_lake(store, folder, start, end, schedule)
    manifest.unlink()
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    return [*paths, last]


def _write_set(
    store: Store, folder: Path, start: datetime, schedule: Schedule
) -> list[Path]:
    end = start + schedule.every
    # Nothing is exported before all of its interval can be seen.
    rows = export(
        store,
        schedule.model,
        Interval(start - schedule.overlap, end),
        end + VISIBILITY_LAG,
    )
    contents = schedule.make.files(rows)
    is_numbered = schedule.has_manifest or schedule.make.parts > 1
    name = f"{start.isoformat()}-{end.isoformat()}"
    paths = []
    for number, content in enumerate(contents):
        suffix = f"-{number}" if is_numbered else ""
        paths.append(folder / f"{name}{suffix}.parquet")
        paths[-1].write_bytes(content)
    if schedule.has_manifest and paths:
        manifest = folder / f"{name}_manifest.json"
        files = [path.name for path in paths]
        manifest.write_text(json.dumps({"files": files}), encoding="utf-8")
        paths.append(manifest)
    return paths
