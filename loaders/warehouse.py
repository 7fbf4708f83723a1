"""The warehouse as Arrow: one way to read and write it on DuckDB and Postgres."""

from pathlib import Path

import adbc_driver_duckdb.dbapi
import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.errors import UserError, one_line
from loaders.postgres import connect_postgres

DUCKDB_PREFIX = "duckdb:///"
# DuckDB's ADBC driver writes past its memory when it appends more rows at a time.
ROWS_PER_APPEND = 2048
POSTGRES_PREFIXES = ("postgresql://", "postgres://")


def is_duckdb(url: str) -> bool:
    """Tell the engine of a warehouse URL.

    Raises:
        UserError: the URL names neither a DuckDB file nor a Postgres database.
    """
    if url.startswith(DUCKDB_PREFIX):
        return True
    if url.startswith(POSTGRES_PREFIXES):
        return False
    raise UserError(
        "WAREHOUSE_URL names no warehouse: use duckdb:///path/to/file.duckdb or "
        "postgresql://user:password@host/database"
    )


def duckdb_path(url: str) -> Path:
    """Return the file of a DuckDB URL: relative after three slashes, else absolute."""
    return Path(url.removeprefix(DUCKDB_PREFIX))


def connect(url: str) -> Connection:
    """Open the warehouse in one transaction; commit to keep what was written.

    Args:
        url: `duckdb:///relative`, `duckdb:////absolute` or `postgresql://...`.

    Raises:
        UserError: it cannot be opened.
    """
    connection = (
        _connect_duckdb(duckdb_path(url))
        if is_duckdb(url)
        else connect_postgres(url, "WAREHOUSE_URL")
    )
    with connection.cursor() as cursor:
        cursor.execute("set timezone = 'UTC'")
    return connection


def connect_existing(url: str) -> Connection:
    """Open a warehouse that a load has made; a mistyped name makes no empty one.

    Args:
        url: As for `connect`.

    Raises:
        UserError: it is not there, or cannot be opened.
    """
    if is_duckdb(url) and not duckdb_path(url).exists():
        raise UserError(
            f"WAREHOUSE_URL: there is no file {duckdb_path(url)}: run `make load` "
            "first, or mend its path"
        )
    return connect(url)


def append_rows(
    cursor: Cursor,
    table: str,
    rows: pa.Table,
    schema: str | None = None,
    temporary: bool = False,
) -> None:
    """Add rows to a table with columns of these names, here or in another schema."""
    cursor.adbc_ingest(
        table,
        rows.to_reader(max_chunksize=ROWS_PER_APPEND),
        mode="append",
        db_schema_name=schema,
        temporary=temporary,
    )


def _connect_duckdb(path: Path) -> Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return adbc_driver_duckdb.dbapi.connect(str(path))
    except (Error, OSError) as error:
        raise UserError(
            f"WAREHOUSE_URL: the file {path} does not open: {one_line(error)}"
        ) from error
