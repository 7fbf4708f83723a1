"""The folders of push files, read as a load would read them."""

from collections.abc import Iterator

from loaders.check.finding import Finding
from loaders.contract import tables_of
from loaders.push_files import open_folders
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
