"""What the commands keep in files of this folder, besides warehouse and exports."""

import shutil
from collections.abc import Collection
from pathlib import Path

from loaders.__main__ import LOCK_FILE
from loaders.pipeline import WORKING_DIRECTORY
from steps.manifest import target_folder
from steps.publish.duckdb_file import FILE
from warehouse.connection import duckdb_path, is_duckdb
from warehouse.files import write_whole
from warehouse.lock import locked

SEEDS = Path("seeds")
REPORTS = Path("reports")
LOGS = Path("logs")


def clear(traces: Collection[str]) -> None:
    """Empty the workbench of the loads, and take a person out of the seeds.

    Raises:
        UserError: a load uses the folder, or a seed cannot be written.
    """
    with locked(LOCK_FILE, "load"):
        shutil.rmtree(WORKING_DIRECTORY, ignore_errors=True)
    for seed in sorted(SEEDS.glob("*.csv")):
        lines = seed.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(one in line for one in traces)]
        if kept != lines:
            write_whole(seed, kept)


def searched(url: str) -> list[Path]:
    """Return the files and folders in which nothing of a person may be left."""
    folders = [WORKING_DIRECTORY, SEEDS, REPORTS, LOGS, target_folder()]
    if not is_duckdb(url):
        return folders
    path = duckdb_path(url)
    files = [path, path.with_name(FILE)]
    return [*files, *(Path(f"{one}.wal") for one in files), *folders]
