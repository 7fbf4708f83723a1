"""Leave no deleted bytes: a DELETE frees blocks of a file, but does not empty them."""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg2

from steps.publish.contents import quoted
from warehouse.connection import duckdb_path, is_duckdb, postgres_parts
from warehouse.errors import UserError, explained
from warehouse.files import remove_databases, sync

UNFINISHED = ".compacted"
KEPT_TABLES = r"""
    select format('%I.%I', nspname, relname)
    from pg_class
    inner join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r'
        and (
            nspname like 'staging\_%'
            or nspname in ('history', 'production', 'insights')
        )
    order by 1
"""


def compact(url: str) -> None:
    """Write a warehouse anew, with what is in it and nothing else.

    Raises:
        UserError: there is no room, or the role has no right to.
    """
    try:
        if is_duckdb(url):
            _rewrite(duckdb_path(url))
        else:
            _vacuum(url)
    except (OSError, duckdb.Error, psycopg2.Error) as error:
        told = explained(error, "mend that and run it again")
        raise UserError(
            f"the warehouse is not compacted, so deleted bytes are still in it: {told}"
        ) from error


def _rewrite(path: Path) -> None:
    """Replace the file of a warehouse by a copy; killed, the old one stands."""
    working = path.with_name(f"{path.name}{UNFINISHED}")
    remove_databases(working)
    try:
        with duckdb.connect() as connection:
            # views name the database they are in, which is called like its file
            for statement in (
                f"set temp_directory = {quoted(f'{working}.tmp')}",
                f'attach {quoted(path)} as "{path.stem}"',
                f'checkpoint "{path.stem}"',
                f"attach {quoted(working)} as compacted",
                f'copy from database "{path.stem}" to compacted',
                "checkpoint compacted",
            ):
                connection.execute(statement)
        working.chmod(path.stat().st_mode)
        sync(working)
        Path(f"{path}.wal").unlink(missing_ok=True)
        shutil.rmtree(f"{path}.tmp", ignore_errors=True)  # of a query that was killed
        working.replace(path)
        sync(path.parent)
    finally:
        remove_databases(working)


def _vacuum(url: str) -> None:
    """Write anew the tables that rows were deleted from, and the planner's statistics.

    All others are made anew by each build, and readers of the marts wait for nothing.
    """
    with closing(psycopg2.connect(**postgres_parts(url))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(KEPT_TABLES)
            for (table,) in cursor.fetchall():
                cursor.execute(f"vacuum (full, analyze) {table}")
            cursor.execute("vacuum full pg_catalog.pg_statistic")
