"""Open the warehouse, on DuckDB, Postgres and Spark alike."""

import re
from contextlib import suppress
from pathlib import Path

import adbc_driver_duckdb
from adbc_driver_manager import Error, dbapi
from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError, explained
from warehouse.memory import memory_limit
from warehouse.postgres import PREFIXES, connect_postgres, parse_url
from warehouse.spark import PREFIX
from warehouse.spark_connection import SparkConnection

DUCKDB_PREFIX = "duckdb:///"
OTHERS = 0o077  # the rights of all but the owner of a file
# DuckDB calls a database like its file, and mistakes it for a schema of that name.
SCHEMAS = re.compile(
    "staging.*|intermediate|core|aggregates|ai|lift|insights|seeds|history|writeback"
    "|production|marts|training|main|temp|system|information_schema|pg_catalog"
)
LOCKED = re.compile(r"Could not set lock on file.*\(PID (\d+)\)")
OPTIONS_OF_DBT = {
    *("user", "password", "host", "port", "dbname", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
}


def is_duckdb(url: str) -> bool:
    """Tell the engine of a warehouse URL.

    Raises:
        UserError: the URL names no DuckDB file, Postgres database or Spark server.
    """
    if url.startswith(DUCKDB_PREFIX):
        return True
    if url.startswith((*PREFIXES, PREFIX)):
        return False
    raise UserError(
        "WAREHOUSE_URL names no warehouse: use duckdb:///path/to/file.duckdb, "
        "postgresql://user:password@host/database or sc://host:15002"
    )


def is_spark(url: str) -> bool:
    """Tell whether a warehouse URL names a Spark Connect server."""
    return url.startswith(PREFIX)


def refuse_spark(url: str, reason: str) -> None:
    """Refuse what there is on DuckDB and Postgres only.

    Args:
        url: Of the warehouse.
        reason: Why, and what to do instead; it goes on from the name of the engine.

    Raises:
        UserError: the URL names Spark.
    """
    if is_spark(url):
        raise UserError(f"WAREHOUSE_URL names Spark, {reason}")


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
    """Return what a Postgres URL says, by libpq's names, if dbt can be told all of it.

    Raises:
        UserError: it cannot, or the host is a pool of connections.
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


def connect(url: str, is_read_only: bool = False) -> Connection | SparkConnection:
    """Open the warehouse in one transaction; commit to keep what was written.

    Args:
        url: `duckdb:///relative`, `duckdb:////absolute`, `postgresql://...` or
            `sc://...`, which has no transactions.
        is_read_only: refuse to write, and let others read a DuckDB file meanwhile.

    Raises:
        UserError: it cannot be opened.
    """
    if is_duckdb(url):
        return connect_file(duckdb_path(url), is_read_only)
    if is_spark(url):
        return SparkConnection(url)
    connection = connect_postgres(postgres_parts(url), "WAREHOUSE_URL")
    with connection.cursor() as cursor:
        cursor.execute("set timezone = 'UTC'")
        if is_read_only:
            cursor.execute("set default_transaction_read_only = on")
    connection.commit()
    return connection


def connect_existing(
    url: str, is_read_only: bool = False
) -> Connection | SparkConnection:
    """Open a warehouse that a load has made; a mistyped name makes no empty one.

    Args:
        url: As for `connect`.
        is_read_only: As for `connect`.

    Raises:
        UserError: it is not there, or cannot be opened.
    """
    require_existing(url)
    return connect(url, is_read_only)


def require_existing(url: str) -> None:
    """Check that a load has made the warehouse, before anything of it is made.

    Raises:
        UserError: there is no such DuckDB file.
    """
    with suppress(PermissionError):  # opening it tells that
        if is_duckdb(url) and not duckdb_path(url).exists():
            raise UserError(
                f"WAREHOUSE_URL: there is no file {duckdb_path(url)}: run `make load` "
                "first, or mend its path"
            )


def connect_file(path: Path, is_read_only: bool = False) -> Connection:
    """Open a DuckDB file, as `connect` does.

    Raises:
        UserError: it cannot be opened.
    """
    limit = memory_limit()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = dbapi.connect(
            driver=adbc_driver_duckdb.driver_path(),
            entrypoint="duckdb_adbc_init",
            db_kwargs={
                "path": str(path),
                "access_mode": "READ_ONLY" if is_read_only else "READ_WRITE",
            },
        )
        # there is no file of a database in memory
        if not is_read_only and path.exists() and path.stat().st_mode & OTHERS:
            with suppress(PermissionError):  # it is somebody else's
                path.chmod(path.stat().st_mode & ~OTHERS)
    except (Error, OSError) as error:
        if holder := LOCKED.search(str(error)):
            raise UserError(
                f"WAREHOUSE_URL: process {holder[1]} has {path} open: wait until it "
                "ends, or close it; DuckDB takes many readers or one writer"
            ) from error
        raise UserError(
            f"WAREHOUSE_URL: the file {path} does not open: "
            + explained(error, "mend its path")
        ) from error
    with connection.cursor() as cursor:
        cursor.execute("set timezone = 'UTC'")
        cursor.execute(f"set memory_limit = '{limit}'")
    connection.commit()
    return connection
