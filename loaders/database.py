"""Open the Postgres databases of a source and compare them with the contract."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from loaders.contract import Table, tables_of
from loaders.snapshot import Snapshot, open_snapshot
from loaders.source_columns import (
    check_columns,
    closed_schemas,
    no_right,
    read_columns,
)
from loaders.source_keys import read_unique_keys
from loaders.source_table import DatabaseTable, MissingTable, SourceTable
from warehouse.errors import UserError
from warehouse.settings import DATABASES, Settings

logger = logging.getLogger(__name__)


@contextmanager
def open_databases(source: str, settings: Settings) -> Iterator[list[DatabaseTable]]:
    """Open those databases of a source that are configured and yield their tables.

    Args:
        source: its name in contract.yml.
        settings: where the DSNs are.

    Raises:
        UserError: a database breaks the contract.
    """
    tables = tables_of(source)
    readable: list[DatabaseTable] = []
    problems: list[str] = []
    with ExitStack() as stack:
        for origin, variable in DATABASES[source].items():
            declared = [table for table in tables if table.origin == origin]
            url = settings.value(variable)
            if not url:
                logger.warning("%s is not set, its tables stay empty", variable)
                continue
            try:
                snapshot = stack.enter_context(open_snapshot(url, variable))
            except UserError as error:
                readable += [
                    MissingTable(table, str(error), is_certain=True)
                    for table in declared
                ]
                continue
            found, lacking = check_tables(snapshot, declared)
            readable += found
            problems += lacking
        if problems:
            raise UserError("\n".join(problems))
        yield readable


def check_tables(
    snapshot: Snapshot, tables: list[Table]
) -> tuple[list[DatabaseTable], list[str]]:
    """Compare the source with the contract.

    Args:
        snapshot: what the tables are to be read in.
        tables: what the contract says of them.

    Returns:
        The tables, and a line for all that is required and missing.
    """
    found, denied = read_columns(snapshot, tables)
    closed = closed_schemas(snapshot, [table.name for table in tables])
    unique_keys = read_unique_keys(snapshot, [table.name for table in tables])
    readable: list[DatabaseTable] = []
    problems: list[str] = []
    for table in tables:
        present, lacking = (), []
        if table.name in found:
            present, lacking = check_columns(
                table, found[table.name], denied[table.name], snapshot
            )
        elif table.name in denied:
            lacking = [no_right(snapshot, f"select on {table.name}")]
        elif table.name in closed:
            lacking = [no_right(snapshot, f"usage on schema {closed[table.name]}")]
        elif table.required:
            lacking = [
                f"{snapshot.variable}: the required table {table.name} is missing; "
                "check the DSN and its schema"
            ]
        else:
            lacking = [f"{snapshot.variable}: no table {table.name}"]
        if not lacking:
            key = [column for column in present if column.name in table.key]
            names = {column.found_as for column in key}
            is_unique = any(unique <= names for unique in unique_keys[table.name])
            if any(column.may_lose for column in key):
                is_unique = False  # two texts can be one uuid
            readable.append(SourceTable(snapshot, table, present, is_unique))
        elif table.required:
            problems += lacking
        else:
            readable.append(MissingTable(table, "; ".join(lacking)))
    return readable, problems
