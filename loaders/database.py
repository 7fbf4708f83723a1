"""Read a Postgres source: one read-only snapshot, checked by the contract, as Arrow."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Column, Table
from loaders.errors import UserError
from loaders.postgres import connect_postgres
from loaders.settings import Settings
from loaders.source_columns import check_columns, expression, read_columns

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT = "1h"
MEANINGS = {
    "permission denied": "the user of the DSN has no right to select from it",
    "statement timeout": f"it took longer than {STATEMENT_TIMEOUT}",
    "overflow": "a number is out of range",
    "out of range": "a number is out of range",
    "connection": "the server ended the connection; load again",
}


@contextmanager
def snapshot(url: str, variable: str) -> Iterator[Connection]:
    """Open a source in one read-only, repeatable-read transaction.

    Args:
        url: its DSN, as libpq reads it.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: it does not answer or refuses the login.
    """
    with (
        connect_postgres(url, variable) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("set local timezone = 'UTC'")
        cursor.execute(f"set local statement_timeout = '{STATEMENT_TIMEOUT}'")
        # The snapshot idles while another table lands.
        cursor.execute("set local idle_in_transaction_session_timeout = 0")
        yield connection


@contextmanager
def open_databases(
    settings: Settings, tables: list[Table], databases: dict[str, str]
) -> Iterator[list["SourceTable"]]:
    """Open those databases of a source that are configured and yield their tables.

    Args:
        settings: where the DSNs are.
        tables: the declared tables of the source.
        databases: the environment variable of each of the source's origins.

    Raises:
        UserError: a database does not open, or breaks the contract.
    """
    readable = []
    with ExitStack() as stack:
        for origin, variable in databases.items():
            if url := settings.value(variable):
                connection = stack.enter_context(snapshot(url, variable))
                declared = [table for table in tables if table.origin == origin]
                readable += check_tables(connection, declared)
            else:
                logger.warning("%s is not set, its tables stay empty", variable)
        yield readable


@contextmanager
def told_without_values(source: str, table: str) -> Iterator[None]:
    """Turn a database error into one line: its own message may quote a row.

    Raises:
        UserError: reading the table failed.
    """
    try:
        yield
    except (Error, pa.ArrowException, OSError) as error:
        meanings = [told for sign, told in MEANINGS.items() if sign in str(error)]
        meaning = (*meanings, "the database fails to give it; its log says why")[0]
        raise UserError(f"{source}: {table} cannot be read: {meaning}") from None


@dataclass(frozen=True)
class SourceTable:
    """A declared table as it stands in the source.

    Attributes:
        connection: the snapshot it is read in.
        table: what the contract says of it.
        present: its declared columns that exist, without those that are dropped.
    """

    connection: Connection
    table: Table
    present: tuple[Column, ...]

    def read(self, since: datetime | None, _: pa.Table | None) -> Iterator[pa.Table]:
        """Yield the rows whose cursor reached `since`, or all, in bounded batches."""
        columns = ", ".join(
            f'{expression(column)} as "{column.name}"' for column in self.present
        )
        with self._told(), self.connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {self._name}{self._where(since)}")
            for batch in cursor.fetch_record_batch():
                yield pa.Table.from_batches([batch])

    @contextmanager
    def read_keys(self) -> Iterator[pa.RecordBatchReader]:
        """Yield a reader of the keys of all rows."""
        keys = [column for column in self.present if column.name in self.table.key]
        columns = ", ".join(f'{expression(key)} as "{key.name}"' for key in keys)
        with self._told(), self.connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {self._name}")
            yield cursor.fetch_record_batch()

    def _told(self) -> AbstractContextManager[None]:
        return told_without_values(self.table.source, self.table.name)

    @property
    def _name(self) -> str:
        return f'"{self.table.name}"'

    def _where(self, since: datetime | None) -> str:
        cursor = self.table.cursor
        moved = [expression(column) for column in self.present if column.name in cursor]
        if since is None or not moved:
            return ""
        newest = f"greatest({', '.join(moved)})"
        # No index is promised, so one expression over all cursors costs no more.
        return f" where {newest} >= '{since.isoformat()}' or {newest} is null"


def check_tables(connection: Connection, tables: list[Table]) -> list[SourceTable]:
    """Compare the source with the contract and return its readable tables.

    What is optional and missing, and what is not declared, is reported and left out.

    Raises:
        UserError: a required table or column is missing, or a type has changed.
    """
    found = read_columns(connection, tables)
    readable = []
    for table in tables:
        if table.name in found:
            present = check_columns(table, found[table.name])
            readable.append(SourceTable(connection, table, present))
        elif table.required:
            raise UserError(
                f"{table.source}: the required table {table.name} is missing; "
                "check the DSN, its schema and the rights of its user"
            )
        else:
            logger.warning("%s: no table %s, it stays empty", table.source, table.name)
    return readable
