"""Look for what is left of a person: in every table, and in every byte of files."""

import mmap
from collections.abc import Iterable
from pathlib import Path

from adbc_driver_manager.dbapi import Connection

from steps.publish.contents import quoted
from warehouse.tables import read

COLUMNS = """
    select columns.table_schema, columns.table_name, columns.column_name
    from information_schema.columns
    inner join information_schema.tables
        on columns.table_catalog = tables.table_catalog
        and columns.table_schema = tables.table_schema
        and columns.table_name = tables.table_name
    where columns.table_catalog = current_database()
        and tables.table_type = 'BASE TABLE'
        and columns.table_schema not in ('information_schema', 'pg_catalog')
        and lower(columns.data_type) in (
            'text', 'varchar', 'character varying', 'uuid', 'character'
        )
    order by 1, 2, 3
"""


def tables_with(connection: Connection, traces: Iterable[str]) -> dict[str, int]:
    """Return how many rows of each table hold a trace of a person, where any does."""
    values = ", ".join(map(quoted, sorted(traces)))
    columns: dict[str, list[str]] = {}
    for row in read(connection, COLUMNS).to_pylist():
        name = f'"{row["table_schema"]}"."{row["table_name"]}"'
        columns.setdefault(name, []).append(row["column_name"])
    found = {}
    for name, texts in columns.items():
        holds = " or ".join(
            f'cast("{text}" as varchar) in ({values})' for text in texts
        )
        query = f"select count(*) as held from {name} where {holds}"
        (rows,) = read(connection, query)["held"].to_pylist()
        if rows:
            found[name.replace('"', "")] = rows
    return found


def files_with(paths: Iterable[Path], traces: Iterable[str]) -> list[Path]:
    """Return the files in which a trace of a person stands as text."""
    wanted = [trace.encode() for trace in traces]
    files = {
        file
        for path in paths
        for file in (path.rglob("*") if path.is_dir() else [path])
        if file.is_file() and file.stat().st_size
    }
    return sorted(file for file in files if _holds(file, wanted))


def _holds(file: Path, wanted: list[bytes]) -> bool:
    with (
        file.open("rb") as content,
        mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as bytes_,
    ):
        return any(bytes_.find(one) >= 0 for one in wanted)
