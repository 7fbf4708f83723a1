"""The erase step: `python -m steps.erase PERSON [--dry-run] [--allow NAME]`.

Data flow: a person's e-mail address or id -> the raw tables, the history, and all that
was made of them, published and exported, without that person; and the suppression list,
by which no load brings them back.
"""

import argparse
import sys
import time
from collections.abc import Iterable

from adbc_driver_manager.dbapi import Connection
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from steps.erase import exports, local_files
from steps.erase.compaction import compact
from steps.erase.person import Found, Person, find
from steps.erase.rebuild import rebuild, republish
from steps.erase.removal import (
    Removed,
    count_rows,
    finish,
    is_unfinished,
    remove,
)
from steps.erase.search import files_with, tables_with
from warehouse.connection import connect_existing, refuse_spark
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.origins import key_of_loads, read_origins
from warehouse.settings import SOURCE_VARIABLES, Settings, read_settings

MOST_NAMED = 10
UNKNOWN = "the warehouse knows nobody by that; whoever comes with it is kept out"


def show_rows(settings: Settings, person: Person) -> str:
    """Print which tables hold a person; nothing is written.

    Returns:
        One line that sums it up.

    Raises:
        UserError: the warehouse does not open, or is not built.
    """
    with connect_existing(settings.warehouse_url, is_read_only=True) as connection:
        origins = read_origins(connection, list(SOURCE_VARIABLES))
        hash_key = key_of_loads(origins, settings)
        found = find(connection, person, hash_key)
        rows = tables_with(connection, found.traces(hash_key))
        rows |= count_rows(connection, found.ids)
        versions = exports.versions_with(origins, settings, found.user_keys)
    if not rows:
        return "the warehouse knows nobody by that"
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("table")
    table.add_column("rows", justify="right")
    for name, count in sorted(rows.items()):
        table.add_row(name, f"{count:,}")
    Console(soft_wrap=True).print(table)
    return (
        f"{len(found.user_keys)} users, {len(found.ids)} ids: {sum(rows.values()):,} "
        f"rows of {len(rows)} tables and {len(versions)} exported versions hold them; "
        "nothing is written"
    )


def erase(settings: Settings, person: Person, allowed: list[str]) -> str:
    """Erase a person; what a killed run has begun is finished.

    Args:
        settings: Of the warehouse and its sources.
        person: How they are named.
        allowed: Names of reasons against publishing or exporting that may stand.

    Returns:
        One line that says what was done.

    Raises:
        UserError: it does not work, or something of the person is left.
    """
    url, started = settings.warehouse_url, time.monotonic()
    with one_writer(url, "erase") as token:
        with connect_existing(url) as connection:
            origins = read_origins(connection, list(SOURCE_VARIABLES))
            hash_key = key_of_loads(origins, settings)
            found = find(connection, person, hash_key)
            is_known = bool(
                count_rows(connection, found.ids)
                or tables_with(connection, found.traces(hash_key))
            )
            is_begun = is_unfinished(connection)
            versions = exports.versions_with(origins, settings, found.user_keys)
            removed = remove(connection, found.ids, found.user_keys, hash_key)
            connection.commit()
            if not is_known and not is_begun:
                finish(connection)
                return UNKNOWN
        traces = found.traces(hash_key)
        listed = exports.list_to_destroy(versions)
        local_files.clear(traces)
        rebuild(token)
        problem = _show_again(url, token, allowed)
        compact(url)
        with connect_existing(url) as connection:
            left = _left(connection, url, found, traces)
            if problem or left:
                raise UserError("; ".join(filter(None, [problem, left])))
            finish(connection)
    return _told(removed, listed, time.monotonic() - started)


def _show_again(url: str, token: str, allowed: list[str]) -> str:
    """Publish and export without the person; return what goes wrong, if anything."""
    try:
        republish(url, token, allowed)
        exports.export_again(token, allowed)
    except UserError as error:
        return str(error)
    return ""


def _left(
    connection: Connection,
    url: str,
    found: Found,
    traces: Iterable[str],
) -> str:
    """Return where something of the person is left, if anywhere."""
    places = [
        *(tables_with(connection, traces) | count_rows(connection, found.ids)),
        *map(str, files_with(local_files.searched(url), traces)),
    ]
    if not places:
        return ""
    named = ", ".join(places[:MOST_NAMED])
    others = len(places) - MOST_NAMED
    more = f" and {others} more" * (others > 0)
    return (
        f"the person is still in {named}{more}: tables that no "
        "model makes go by `dbt run-operation drop_stale_tables`; then run it again"
    )


def _told(removed: Removed, listed: int, seconds: float) -> str:
    told = (
        f"erasure {removed.erasure_id}: {removed.removed:,} rows removed and "
        f"{removed.blanked:,} blanked, all else made anew; nothing is left in tables "
        f"and files, {seconds:.0f} seconds"
    )
    if not listed:
        return told
    return f"{told}\n{listed} exported versions are to be destroyed: {exports.PATH}"


def parse_arguments() -> tuple[Person, argparse.Namespace]:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.erase", description="Erase a person for good."
    )
    parser.add_argument("person", help="an e-mail address, or an id such as app:ID")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="NAME",
        help="publish and export though this speaks against it; may be repeated",
    )
    arguments = parser.parse_args()
    try:
        return Person.parse(arguments.person), arguments
    except ValueError as error:
        parser.exit(2, f"error: {error}\n")


@command
def main() -> int:
    """Erase a person from the warehouse of the environment; return the exit code."""
    person, arguments = parse_arguments()
    settings = read_settings()
    refuse_spark(
        settings.warehouse_url,
        "whose tables lose no rows: delete the person in the sources, then remove the "
        "folder of LAKE_URL and data/landing.duckdb, and run `make load build`",
    )
    if arguments.dry_run:
        told = show_rows(settings, person)
    else:
        told = erase(settings, person, arguments.allow)
    sys.stdout.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
