"""Least roles for a warehouse on Postgres: `python -m warehouse.roles [--apply]`.

Prints `roles.sql`, or runs it in one transaction. A login user that was made a member
of a role has what it does not inherit once this has run again.
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

import psycopg2

from warehouse.connection import is_duckdb, postgres_parts, refuse_spark
from warehouse.console import command
from warehouse.errors import UserError, explained
from warehouse.one_writer import one_writer
from warehouse.settings import read_settings

FILE = Path(__file__).with_name("roles.sql")


def apply_roles(url: str) -> None:
    """Give the warehouse its roles, all of them or none.

    Raises:
        UserError: it is not on Postgres, somebody writes to it, or the user of the URL
            has no right to.
    """
    refuse_spark(
        url,
        "whose catalogue has roles of its own: give readers the right to select from "
        "core, aggregates, ai and seeds there",
    )
    if is_duckdb(url):
        raise UserError(
            "WAREHOUSE_URL names a DuckDB file, which has no roles: whoever may read "
            "the file reads all of it; share marts.duckdb, which `make publish` makes"
        )
    try:
        with (
            one_writer(url, "roles"),
            closing(psycopg2.connect(**postgres_parts(url))) as connection,
            connection,
        ):
            connection.cursor().execute(FILE.read_text(encoding="utf-8"))
    except psycopg2.Error as error:
        remedy = (
            f"let the role {postgres_parts(url)['user']} own the database and all that "
            "is in it, and create roles"
        )
        raise UserError(f"no role is changed: {explained(error, remedy)}") from error


@command
def main() -> int:
    """Print the SQL, or run it in the warehouse of the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m warehouse.roles",
        description="Print the SQL of the least roles on Postgres, or run it.",
    )
    parser.add_argument(
        "--apply", action="store_true", help="run it in the warehouse of WAREHOUSE_URL"
    )
    if not parser.parse_args().apply:
        sys.stdout.write(FILE.read_text(encoding="utf-8"))
        return 0
    apply_roles(read_settings().warehouse_url)
    sys.stdout.write(
        "the roles loader, transformer, publisher, bi_reader and training_reader have "
        "their rights; let login users be members of them\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
