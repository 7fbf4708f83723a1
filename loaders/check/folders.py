"""The folders of push files and of telemetry, read as a load would read them."""

from collections.abc import Iterator
from pathlib import Path

from loaders.check.finding import Finding
from loaders.contract import tables_of
from loaders.push_files import open_folders
from loaders.telemetry.catalogue import read_catalogue
from loaders.telemetry.lines import files_of
from warehouse.settings import Settings


def check_folders(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of each table that comes from files."""
    for table in open_folders(settings, tables_of("neon")):
        if table.problem:
            yield Finding("push files", table.problem, is_well=False)
            continue
        rows = sum(bool(row) for row in table.rows)
        newest = table.newest_file_at
        until = f", the newest file of {newest:%Y-%m-%d %H:%M} UTC" if newest else ""
        yield Finding("push files", f"{table.table.name}: {rows:,} rows{until}")


def check_telemetry(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of what is measured."""
    state = "recorded" if settings.telemetry == "on" else "not recorded"
    metrics = len(read_catalogue())
    yield Finding("TELEMETRY", f"what commands take is {state}; {metrics} metrics")
    if settings.telemetry_dir:
        files = len(files_of(Path(settings.telemetry_dir), "TELEMETRY_DIR"))
        yield Finding("TELEMETRY_DIR", f"{files:,} files")
