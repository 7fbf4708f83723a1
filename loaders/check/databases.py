"""A Postgres source: its server, and the declared tables as a load would find them."""

from collections.abc import Iterator

from loaders.check.finding import Finding
from loaders.check.server import check_server
from loaders.contract import tables_of
from loaders.database import check_tables
from loaders.snapshot import Snapshot, open_snapshot
from loaders.source_table import DatabaseTable, MissingTable
from warehouse.errors import UnreadableError
from warehouse.settings import Settings

# A larger table is not counted: the server's estimate is told.
MOST_BYTES_TO_COUNT = 100_000_000
PATIENCE = "15s"
SIZE = """
    select coalesce(pg_relation_size(oid), 0), reltuples::bigint
    from pg_class where oid = to_regclass('"{name}"')
"""


def check_database(
    source: str, origin: str, variable: str, settings: Settings
) -> Iterator[Finding]:
    """Yield what is to be said of a database and of each of its declared tables.

    Raises:
        UserError: it does not open.
    """
    url = settings.value(variable)
    declared = [table for table in tables_of(source) if table.origin == origin]
    with open_snapshot(url, variable) as snapshot:
        has_clock = settings.copied_at is None
        yield from check_server(snapshot.connection, url, variable, has_clock)
        tables, problems = check_tables(snapshot, declared)
        for problem in problems:
            text = problem.removeprefix(f"{variable}: ")
            yield Finding(variable, text, is_well=False)
        for table in tables:
            yield _check_table(snapshot, table)


def _check_table(snapshot: Snapshot, table: DatabaseTable) -> Finding:
    place, name = snapshot.variable, table.table.name
    if isinstance(table, MissingTable):
        problem = table.problem.removeprefix(f"{place}: ")
        return Finding(place, f"{problem}, it is optional and stays empty")
    try:
        table.check(0, set())
        return Finding(place, f"{name}: {_rows(snapshot, name)}")
    except UnreadableError as error:
        return Finding(place, str(error).removeprefix(f"{place}: "), is_well=False)


def _rows(snapshot: Snapshot, name: str) -> str:
    with snapshot.reading(name) as cursor:
        cursor.execute(SIZE.format(name=name))
        size, estimate = cursor.fetchone()
        if size > MOST_BYTES_TO_COUNT:
            return f"about {estimate:,} rows"
        cursor.execute(f"set local statement_timeout = '{PATIENCE}'")
        cursor.execute(f'select count(*) from "{name}"')
        return f"{cursor.fetchone()[0]:,} rows"
