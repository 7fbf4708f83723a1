"""Show a generation in a DuckDB file of its own, which is replaced as a whole."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from steps.publish.contents import PublishedTable, quoted
from steps.publish.generation import About, generations_table
from warehouse.errors import UserError, explained
from warehouse.files import remove_databases, sync
from warehouse.memory import memory_limit

FILE = "marts.duckdb"
# DuckDB takes the name of the file for that of a schema, so a schema marts in it could
# not be named: its tables are in main, and `marts.dim_users` is found there.
PLACES = {"marts": "marts.main", "training": "marts.training"}
FINGERPRINT = """
    select count(*), coalesce(sum(md5_number_lower(cast({name} as varchar))), 0)
    from {place} as {name}
"""


def publish_file(
    warehouse: Path, tables: Iterable[PublishedTable], about: About
) -> str:
    """Write the file beside the warehouse; until it is whole, the old one stands.

    Returns:
        What was published, in one line.

    Raises:
        UserError: it cannot be written, or was published from another warehouse.
    """
    target = warehouse.parent / FILE
    working = warehouse.parent / f"{FILE}.unfinished"
    before = warehouse.parent / f"{FILE}.before"
    try:
        remove_databases(working, before)
        number = _write(working, warehouse, tables, about, _previous(target, before))
        working.chmod(0o444)  # a reader that opened it to write would hold it
        sync(working)
        # what somebody wrote into the old file is nothing of the new one
        Path(f"{target}.wal").unlink(missing_ok=True)
        working.replace(target)
        sync(target.parent)
    except (OSError, duckdb.Error) as error:
        raise UserError(
            f"{target} is not published: "
            + explained(error, "mend that and publish again")
            + "; what was published before stands"
        ) from error
    finally:
        remove_databases(working, before)
    return f"{target}: generation {number}"


def _previous(target: Path, before: Path) -> Path | None:
    """Return a file that can be read whoever holds the one that is published."""
    if not target.exists():
        return None
    try:
        duckdb.connect(str(target), read_only=True).close()
    except duckdb.IOException:  # somebody opened it to write
        shutil.copyfile(target, before)
        return before
    return target


def _write(
    working: Path,
    warehouse: Path,
    tables: Iterable[PublishedTable],
    about: About,
    previous: Path | None,
) -> int:
    with duckdb.connect() as connection:
        for statement in (
            "set TimeZone = 'UTC'",
            f"set memory_limit = '{memory_limit()}'",
            f"set temp_directory = {quoted(f'{working}.tmp')}",
            f"attach {quoted(warehouse)} as warehouse (read_only)",
            f"attach {quoted(working)} as marts (storage_version 'v1.0.0')",
            "begin",
            "create schema marts.training",
            *generations_table(PLACES["marts"]),
        ):
            connection.execute(statement)
        number = 1
        if previous:
            connection.execute(f"attach {quoted(previous)} as previous (read_only)")
            number += _carry_generations(connection, about)
        fingerprints = {}
        for table in tables:
            place = PLACES[table.schema]
            for statement in table.statements(place, "warehouse."):
                connection.execute(statement)
            connection.execute(
                FINGERPRINT.format(place=f"{place}.{table.name}", name=table.name)
            )
            rows, told = connection.fetchone()
            fingerprints[f"{table.schema}.{table.name}"] = (rows, str(told))
        for statement in (
            *about.statements(PLACES["marts"], number, fingerprints),
            "commit",
            "checkpoint marts",
            "detach marts",
        ):
            connection.execute(statement)
    return number


def _carry_generations(connection: duckdb.DuckDBPyConnection, about: About) -> int:
    """Keep the rows of earlier generations; return the last number."""
    connection.execute("select warehouse from previous.main.about")
    (origin,) = connection.fetchone()
    if origin != about.warehouse:
        raise UserError(
            f"{FILE} was published from {origin}, not from {about.warehouse}: move "
            "that file away, or one of the warehouses to another folder"
        )
    connection.execute(
        "insert into marts.main.generations by name "
        "select * from previous.main.generations"
    )
    connection.execute("select max(generation_id) from marts.main.generations")
    return connection.fetchone()[0]
