"""The warehouse as Arrow: one way to read and write it on DuckDB and Postgres."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_duckdb
import pyarrow as pa
from adbc_driver_manager import Error, dbapi
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.errors import DENIED, UserError, one_line
from loaders.postgres import PREFIXES, connect_postgres, parse_url

DUCKDB_PREFIX = "duckdb:///"
# DuckDB's ADBC driver writes past its memory when it appends more rows at a time.
ROWS_PER_APPEND = 2048
# DuckDB calls a database like its file, and mistakes it for a schema of that name.
SCHEMAS = re.compile(
    "staging.*|core|aggregates|ai|lift|seeds|history|writeback|main|temp|system"
    "|information_schema|pg_catalog"
)
# Unlike the information schema it names what the role has no right to, too.
EXISTING_TABLES = """
    select nspname, relname
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f')
"""
LOCKED = re.compile(r"Could not set lock on file.*\(PID (\d+)\)")
# What profiles.example.yml hands on to dbt.
OPTIONS_OF_DBT = {
    *("user", "password", "host", "port", "dbname", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
}


def is_duckdb(url: str) -> bool:
    """Tell the engine of a warehouse URL.

    Raises:
        UserError: the URL names neither a DuckDB file nor a Postgres database.
    """
    if url.startswith(DUCKDB_PREFIX):
        return True
    if url.startswith(PREFIXES):
        return False
    raise UserError(
        "WAREHOUSE_URL names no warehouse: use duckdb:///path/to/file.duckdb or "
        "postgresql://user:password@host/database"
    )


def duckdb_path(url: str) -> Path:
    """Return the file of a DuckDB URL: relative after three slashes, else absolute.

    Raises:
        UserError: DuckDB or dbt would trip over its name.
    """
    path = Path(url.removeprefix(DUCKDB_PREFIX))
    name = path.name.lstrip(".").split(".")[0]
    if SCHEMAS.fullmatch(name.lower()) or not name or set(name) & set("'\""):
        raise UserError(
            f"WAREHOUSE_URL: a DuckDB file cannot be called {path.name or 'nothing'}, "
            "like a schema or with a quote: call it warehouse.duckdb"
        )
    return path


def postgres_parts(url: str) -> dict[str, str]:
    """Return what a Postgres URL says, by libpq's names, if dbt reads the same in it.

    Raises:
        UserError: it does not, or the host is a pool of connections.
    """
    parts = parse_url(url, "WAREHOUSE_URL")
    missing = [name for name in ("user", "host", "dbname") if not parts.get(name)]
    if missing or "," in parts["host"]:
        raise UserError(
            "WAREHOUSE_URL names no user, no database, or not one host: use "
            "postgresql://user:password@host/database"
        )
    if foreign := sorted(parts.keys() - OPTIONS_OF_DBT):
        raise UserError(
            f"WAREHOUSE_URL: dbt cannot hand on {', '.join(foreign)}: take it out, and "
            "set it for the role, or in an environment variable of libpq"
        )
    if "-pooler." in parts["host"]:
        raise UserError(
            f"WAREHOUSE_URL: {parts['host']} is a pool, which loses the settings of a "
            f"session: use {parts['host'].replace('-pooler.', '.')}"
        )
    return parts


def connect(url: str, is_read_only: bool = False) -> Connection:
    """Open the warehouse in one transaction; commit to keep what was written.

    Args:
        url: `duckdb:///relative`, `duckdb:////absolute` or `postgresql://...`.
        is_read_only: refuse to write, and let others read a DuckDB file meanwhile.

    Raises:
        UserError: it cannot be opened.
    """
    if is_duckdb(url):
        connection = _connect_duckdb(duckdb_path(url), is_read_only)
    else:
        postgres_parts(url)
        connection = connect_postgres(url, "WAREHOUSE_URL")
    with connection.cursor() as cursor:
        cursor.execute("set timezone = 'UTC'")
        if is_read_only and not is_duckdb(url):
            cursor.execute("set default_transaction_read_only = on")
    connection.commit()
    return connection


def connect_existing(url: str, is_read_only: bool = False) -> Connection:
    """Open a warehouse that a load has made; a mistyped name makes no empty one.

    Args:
        url: As for `connect`.
        is_read_only: As for `connect`.

    Raises:
        UserError: it is not there, or cannot be opened.
    """
    if is_duckdb(url) and not duckdb_path(url).exists():
        raise UserError(
            f"WAREHOUSE_URL: there is no file {duckdb_path(url)}: run `make load` "
            "first, or mend its path"
        )
    return connect(url, is_read_only)


def existing_tables(connection: Connection) -> set[str]:
    """Return the names of all tables and views, with their schema."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING_TABLES)
        return {f"{schema}.{name}" for schema, name in cursor.fetchall()}


@contextmanager
def told_rights(connection: Connection, what: str) -> Iterator[None]:
    """Tell in one line who has no right to `what`.

    Raises:
        UserError: Postgres denied what was tried; the transaction is rolled back.
    """
    try:
        yield
    except Error as error:
        denied = DENIED.search(str(error))
        if not denied:
            raise
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            (role,) = cursor.fetchone()
        raise UserError(
            f"WAREHOUSE_URL: the role {role} has no right to {what}: {denied[0]}; let "
            "its owner grant that right"
        ) from error


def append_rows(
    cursor: Cursor,
    table: str,
    rows: pa.Table,
    schema: str | None = None,
    temporary: bool = False,
) -> None:
    """Add rows to a table by the names of its columns, here or in another schema."""
    # DuckDB's driver goes by position, and an older table may have another order.
    place = f'"{schema}"."{table}"' if schema else f'"{table}"'
    cursor.execute(f"select * from {place} limit 0")  # noqa: S608 - our own names
    in_order = {
        column.name: rows[column.name]
        if column.name in rows.column_names
        else pa.nulls(rows.num_rows, column.type)
        for column in cursor.fetch_arrow_table().schema
    }
    # what the table lacks makes the driver fail, as it should
    extra = {name: rows[name] for name in rows.column_names if name not in in_order}
    cursor.adbc_ingest(
        table,
        pa.table(in_order | extra).to_reader(max_chunksize=ROWS_PER_APPEND),
        mode="append",
        db_schema_name=schema,
        temporary=temporary,
    )


def _connect_duckdb(path: Path, is_read_only: bool) -> Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return dbapi.connect(
            driver=adbc_driver_duckdb.driver_path(),
            entrypoint="duckdb_adbc_init",
            db_kwargs={
                "path": str(path),
                "access_mode": "READ_ONLY" if is_read_only else "READ_WRITE",
            },
        )
    except (Error, OSError) as error:
        if holder := LOCKED.search(str(error)):
            raise UserError(
                f"WAREHOUSE_URL: process {holder[1]} has {path} open: wait until it "
                "ends, or close it; DuckDB takes many readers or one writer"
            ) from error
        raise UserError(
            f"WAREHOUSE_URL: the file {path} does not open: {one_line(error)}"
        ) from error
