"""The marts that a step reads: those that are published, or those of the warehouse.

Every model has a name of its own, so queries name no schema: the search path tells
where the tables are.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from adbc_driver_manager.dbapi import Connection

from steps.publish.duckdb_file import FILE
from steps.publish.generation import warehouse_name
from warehouse.connection import (
    connect,
    connect_existing,
    connect_file,
    duckdb_path,
    is_duckdb,
    is_spark,
    require_existing,
)
from warehouse.errors import UserError
from warehouse.tables import existing_tables, read, require_tables
from warehouse.versions import check_built, refuse_newer

WORKING = ("core", "aggregates", "ai", "seeds")
SYSTEMS = "dim_source_systems"
READ_SYSTEMS = f"select as_of, data_origin, hash_key_id from {SYSTEMS}"  # noqa: S608
GENERATION = """
    select
        about.generation_id, about.warehouse, generations.code_version,
        generations.allowed_exceptions
    from {place}.about
    inner join {place}.generations
        on about.generation_id = generations.generation_id
"""


@dataclass(frozen=True)
class Marts:
    """Open marts, all of one generation.

    Attributes:
        schemas: Where they are, but for those that are not there.
        as_of: Nothing in them is later.
        origins: Which kind of data they are made of, and the id of its hash key.
        generation: Its number; None of those that nobody published.
        exceptions: What spoke against publishing them, and was allowed by name.
    """

    connection: Connection
    schemas: list[str]
    as_of: datetime | None
    origins: set[tuple[str, str]]
    generation: int | None
    exceptions: tuple[str, ...]

    @property
    def as_of_day(self) -> str:
        """The UTC day up to which they know what happened."""
        return str(self.as_of and self.as_of.astimezone(UTC).date())

    @property
    def description(self) -> str:
        """Which marts these are, as a report says it."""
        name = f"generation {self.generation}"
        if self.generation is None:
            name = "not published"
        if self.as_of is None:
            return f"{name}, of no data"
        return f"{name}, as of {self.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def add_unpublished(parser: argparse.ArgumentParser) -> None:
    """Let a command read what nobody has published."""
    parser.add_argument(
        "--unpublished",
        action="store_true",
        help="read the working warehouse, tested or not, and say so in the output",
    )


@contextmanager
def open_marts(warehouse_url: str, is_unpublished: bool) -> Iterator[Marts]:
    """Open the marts to read.

    Args:
        warehouse_url: Of the warehouse they are published from; on Spark nothing is.
        is_unpublished: Read those of the working warehouse.

    Raises:
        UserError: nothing is published, or the warehouse does not open.
    """
    if is_unpublished or is_spark(warehouse_url):
        with connect_existing(warehouse_url, is_read_only=True) as connection:
            check_built(connection)
            existing = {name.split(".")[0] for name in existing_tables(connection)}
            schemas = [schema for schema in WORKING if schema in existing]
            yield _found(connection, warehouse_url, schemas)
    elif is_duckdb(warehouse_url):
        path = duckdb_path(warehouse_url).parent / FILE
        if not path.exists():
            require_existing(warehouse_url)
            raise _unpublished(f"there is no file {path}")
        with connect_file(path, is_read_only=True) as connection:
            generation = _generation(connection, "main", warehouse_url)
            schemas = ["main", "training"]
            yield _found(connection, warehouse_url, schemas, *generation)
    else:
        with connect(warehouse_url, is_read_only=True) as connection:
            if "marts.about" not in existing_tables(connection):
                raise _unpublished("there is no table marts.about")
            generation = _generation(connection, "marts", warehouse_url)
            number, _ = generation
            # a generation goes by its number once a newer one has its names
            schemas = [f"marts_{number}", f"training_{number}", "marts", "training"]
            yield _found(connection, warehouse_url, schemas, *generation)


def require_marts(marts: Marts, names: list[str]) -> None:
    """Check that marts are there.

    Raises:
        UserError: one is not.
    """
    command = "build" if marts.generation is None else "publish"
    try:
        require_tables(marts.connection, names, f"run `make {command}` first")
    except UserError:
        _refuse_hidden(marts.connection, marts.schemas, names)
        raise


def _refuse_hidden(
    connection: Connection, schemas: Iterable[str], names: Iterable[str]
) -> None:
    """Say who has no right to a schema: Postgres searches none of these."""
    existing = existing_tables(connection)
    for schema, name in product(schemas, names):
        place = f"{schema}.{name}"
        if name not in existing and place in existing:
            read(connection, f"select * from {place} limit 0")  # noqa: S608


def _generation(
    connection: Connection, place: str, warehouse_url: str
) -> tuple[int, tuple[str, ...]]:
    """Return the number of what is published, and what was allowed to be."""
    [row] = read(connection, GENERATION.format(place=place)).to_pylist()
    connection.commit()  # a publish waits for whoever reads marts.generations
    if row["warehouse"] != warehouse_name(warehouse_url):
        raise _unpublished(f"what is there was published from {row['warehouse']}")
    refuse_newer(row["code_version"])
    return row["generation_id"], tuple(json.loads(row["allowed_exceptions"]))


def _found(
    connection: Connection,
    warehouse_url: str,
    schemas: list[str],
    generation: int | None = None,
    exceptions: tuple[str, ...] = (),
) -> Marts:
    """Let queries find tables by their names alone, from now on in one transaction."""
    path = ",".join(schemas)
    if schemas:
        with connection.cursor() as cursor:
            if is_duckdb(warehouse_url):
                cursor.execute(f"set search_path = '{path}'")
            elif is_spark(warehouse_url):
                cursor.execute(_views(connection, schemas))
            else:
                cursor.execute(f"set search_path = {path}")
                # between two datasets an export writes files, for minutes
                cursor.execute("set idle_in_transaction_session_timeout = 0")
        connection.commit()
    is_built = SYSTEMS in existing_tables(connection)
    if not is_built:
        _refuse_hidden(connection, schemas, [SYSTEMS])
    systems = read(connection, READ_SYSTEMS).to_pylist() if is_built else []
    origins = {(row["data_origin"], row["hash_key_id"]) for row in systems}
    return Marts(
        connection,
        schemas,
        next((row["as_of"] for row in systems), None),
        {origin for origin in origins if all(origin)},
        generation,
        exceptions,
    )


def _views(connection: Connection, schemas: list[str]) -> str:
    """Return a script that names all tables in this session of Spark, with no path."""
    tables = [
        (schema, row["tableName"])
        for schema in schemas
        for row in read(connection, f"show tables in {schema}").to_pylist()
        if not row["isTemporary"]
    ]
    views = [
        f"create or replace temporary view {name} as select * from {schema}.{name};"  # noqa: S608
        for schema, name in tables
    ]
    return f"begin {' '.join(views)} end"


def _unpublished(reason: str) -> UserError:
    return UserError(
        f"nothing is published of this warehouse, {reason}: run `make publish`, or see "
        "what is not published with --unpublished"
    )
