"""This machine: the versions of what is installed, and the room on its disks."""

import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement
from rich.filesize import decimal

from loaders.check.finding import Finding
from loaders.lake import landed_in
from loaders.pipeline import WORKING_DIRECTORY
from warehouse.connection import duckdb_path, is_duckdb
from warehouse.settings import Settings

LOCK_FILE = Path(__file__).parents[2] / "requirements.lock"
SHOWN = ("dbt-core", "dbt-duckdb", "dbt-postgres", "dlt", "duckdb")
LEAST_ROOM = 10**9


def check_versions() -> Iterator[Finding]:
    """Yield what is installed, and whether that is what the project was tested with."""
    shown = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    yield Finding("versions", f"Python {platform.python_version()}, {shown}")
    differing = []
    for line in LOCK_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        locked = Requirement(line)
        if not locked.marker or locked.marker.evaluate():
            with suppress(PackageNotFoundError):
                installed = version(locked.name)
                if installed not in locked.specifier:
                    differing.append(f"{locked} is {installed}")
    if differing:
        yield Finding(
            "versions",
            f"not as in requirements.lock: {', '.join(differing)}; run `make setup`",
            is_well=False,
        )


def check_disks(settings: Settings) -> Iterator[Finding]:
    """Yield the room there is for what a night writes."""
    url = landed_in(settings).warehouse_url
    file = duckdb_path(url) if is_duckdb(url) else None
    size = file.stat().st_size if file and file.exists() else 0
    for folder in {_existing(WORKING_DIRECTORY), *([_existing(file)] if file else [])}:
        free = shutil.disk_usage(folder).free
        needed = max(LEAST_ROOM, size)
        text = f"{decimal(free)} free"
        if free < needed:
            text += (
                f", and a night may take {decimal(needed)}, as published marts are "
                "copies: make room"
            )
        yield Finding(f"disk of {folder}", text, is_well=free >= needed)


def _existing(path: Path) -> Path:
    """Return the folder that a path is, or will be made, in."""
    return next(parent for parent in path.absolute().parents if parent.exists())
