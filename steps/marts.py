"""The marts that a step reads: those that are published, or those of the warehouse.

Every model has a name of its own, so queries name no schema: the search path tells
where the tables are.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from adbc_driver_manager.dbapi import Connection

from steps.publish.duckdb_file import FILE
from steps.publish.generation import warehouse_name
from warehouse.connection import (
    connect,
    connect_existing,
    connect_file,
    duckdb_path,
    is_duckdb,
)
from warehouse.errors import UserError
from warehouse.origins import read_origins
from warehouse.settings import SOURCE_VARIABLES
from warehouse.tables import existing_tables, read, require_tables

WORKING = ("core", "aggregates", "ai", "seeds")
SYSTEMS = "core.dim_source_systems"
AS_OF = f"select max(as_of) as as_of from {SYSTEMS}"  # noqa: S608 - our own name
GENERATION = """
    select
        about.generation_id, about.as_of, about.warehouse, about.data_origin,
        about.hash_key_id, generations.allowed_exceptions
    from {place}.about
    inner join {place}.generations
        on about.generation_id = generations.generation_id
"""


@dataclass(frozen=True)
class Marts:
    """Open marts, all of one generation.

    Attributes:
        generation: Its number; None of those that nobody published.
        as_of: Nothing in them is later.
        origins: Which kind of data they are made of, and the id of its hash key.
        exceptions: What spoke against publishing them, and was allowed by name.
    """

    connection: Connection
    generation: int | None
    as_of: datetime | None
    origins: set[tuple[str, str]]
    exceptions: tuple[str, ...] = ()

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
        warehouse_url: Of the warehouse they are published from.
        is_unpublished: Read those of the working warehouse.

    Raises:
        UserError: nothing is published, or the warehouse does not open.
    """
    if is_unpublished:
        with connect_existing(warehouse_url, is_read_only=True) as connection:
            yield _working(connection, warehouse_url)
    elif is_duckdb(warehouse_url):
        path = duckdb_path(warehouse_url).parent / FILE
        if not path.exists():
            raise _unpublished(f"there is no file {path}")
        with connect_file(path, is_read_only=True) as connection:
            marts = _published(connection, "main", warehouse_name(warehouse_url))
            _search(marts, "'main,training'")
            yield marts
    else:
        with connect(warehouse_url, is_read_only=True) as connection:
            if "marts.about" not in existing_tables(connection):
                raise _unpublished("there is no table marts.about")
            marts = _published(connection, "marts", warehouse_name(warehouse_url))
            # a generation goes by its number once a newer one has its names
            number = marts.generation
            _search(marts, f"marts_{number}, training_{number}, marts, training")
            yield marts


def require_marts(marts: Marts, names: list[str]) -> None:
    """Check that marts are there.

    Raises:
        UserError: one is not.
    """
    command = "build" if marts.generation is None else "publish"
    require_tables(marts.connection, names, f"run `make {command}` first")


def _published(connection: Connection, place: str, warehouse: str) -> Marts:
    [row] = read(connection, GENERATION.format(place=place)).to_pylist()
    connection.commit()  # a publish waits for whoever reads marts.generations
    if row["warehouse"] != warehouse:
        raise _unpublished(f"what is there was published from {row['warehouse']}")
    origin = (row["data_origin"], row["hash_key_id"])
    return Marts(
        connection,
        row["generation_id"],
        row["as_of"],
        {origin} if all(origin) else set(),
        tuple(json.loads(row["allowed_exceptions"])),
    )


def _working(connection: Connection, warehouse_url: str) -> Marts:
    existing = existing_tables(connection)
    schemas = {name.partition(".")[0] for name in existing}
    path = ",".join(schema for schema in WORKING if schema in schemas)
    as_of = None
    if SYSTEMS in existing:
        as_of = read(connection, AS_OF)["as_of"][0].as_py()
    marts = Marts(
        connection, None, as_of, read_origins(connection, list(SOURCE_VARIABLES))
    )
    if path:
        _search(marts, f"'{path}'" if is_duckdb(warehouse_url) else path)
    return marts


def _search(marts: Marts, path: str) -> None:
    """Let queries find tables by their names alone."""
    with marts.connection.cursor() as cursor:
        cursor.execute(f"set search_path = {path}")
    marts.connection.commit()


def _unpublished(reason: str) -> UserError:
    return UserError(
        f"nothing is published of this warehouse, {reason}: run `make publish`, or see "
        "what is not published with --unpublished"
    )
