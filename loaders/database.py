"""Read a Postgres source: one read-only snapshot, checked by the contract, as Arrow."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

import adbc_driver_postgresql.dbapi
import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.contract import Column, Table
from loaders.errors import UserError, one_line
from loaders.settings import Settings

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT = "1h"
TEXT_TYPES = {"text", "varchar", "bpchar", "citext", "name", "enum"}
INTEGER_TYPES = {"int2", "int4", "int8"}
ACCEPTED_TYPES = {
    "identifier": TEXT_TYPES | INTEGER_TYPES | {"uuid"},
    "uuid": {"uuid"},
    "text": TEXT_TYPES,
    "bigint": INTEGER_TYPES,
    "numeric": INTEGER_TYPES | {"numeric", "float4", "float8"},
    "boolean": {"bool"},
    "timestamp": {"timestamptz", "timestamp"},
}
COLUMNS_SQL = """
select
    pg_class.relname,
    pg_attribute.attname,
    case when pg_type.typtype = 'e' then 'enum' else pg_type.typname end
from pg_attribute
inner join pg_class on pg_class.oid = pg_attribute.attrelid
inner join pg_type on pg_type.oid = pg_attribute.atttypid
where
    pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
    and pg_class.oid in ({tables})
"""


@contextmanager
def snapshot(url: str, variable: str) -> Iterator[Connection]:
    """Open a source in one read-only, repeatable-read transaction.

    Args:
        url: its DSN, as libpq reads it.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: it does not answer or refuses the login.
    """
    try:
        connection = adbc_driver_postgresql.dbapi.connect(url)
    except Error as error:
        raise UserError(
            f"{variable}: the database does not open: {scrubbed(one_line(error), url)}"
        ) from None
    with connection, connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("set local timezone = 'UTC'")
        cursor.execute(f"set local statement_timeout = '{STATEMENT_TIMEOUT}'")
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


def scrubbed(message: str, url: str) -> str:
    """Take a DSN and its password out of a message."""
    password = url.partition("://")[2].rpartition("@")[0].partition(":")[2]
    for secret in filter(None, (url, password)):
        message = message.replace(secret, "***")
    return message


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
            f'{_expression(column)} as "{column.name}"' for column in self.present
        )
        with self.connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {self._name}{self._where(since)}")
            for batch in cursor.fetch_record_batch():
                yield pa.Table.from_batches([batch])

    @contextmanager
    def read_keys(self) -> Iterator[pa.RecordBatchReader]:
        """Yield a reader of the keys of all rows."""
        keys = [column for column in self.present if column.name in self.table.key]
        columns = ", ".join(f'{_expression(key)} as "{key.name}"' for key in keys)
        with self.connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {self._name}")
            yield cursor.fetch_record_batch()

    @property
    def _name(self) -> str:
        return f'"{self.table.name}"'

    def _where(self, since: datetime | None) -> str:
        cursor = self.table.cursor
        moved = [
            _expression(column) for column in self.present if column.name in cursor
        ]
        if since is None or not moved:
            return ""
        # No index is promised, so one expression over all cursors costs no more.
        return f" where greatest({', '.join(moved)}) >= '{since.isoformat()}'"


def _expression(column: Column) -> str:
    name = f'"{column.name}"'
    return {
        "bigint": f"{name}::bigint",
        "numeric": f"nullif({name}::numeric, 'NaN')::numeric(38, 9)::text",
        "boolean": name,
        # An infinite time is a sentinel: never is NULL.
        "timestamp": f"case when isfinite({name}) then {name}::timestamptz end",
    }.get(column.type, f"{name}::text")


def check_tables(connection: Connection, tables: list[Table]) -> list[SourceTable]:
    """Compare the source with the contract and return its readable tables.

    What is optional and missing, and what is not declared, is reported and left out.

    Raises:
        UserError: a required table or column is missing, or a type has changed.
    """
    found = _read_columns(connection, tables)
    readable = []
    for table in tables:
        if table.name in found:
            present = _check_columns(table, found[table.name])
            readable.append(SourceTable(connection, table, present))
        elif table.required:
            raise UserError(
                f"{table.source}: the required table {table.name} is missing; "
                "check the DSN, its schema and the rights of its user"
            )
        else:
            logger.warning("%s: no table %s, it stays empty", table.source, table.name)
    return readable


def _read_columns(
    connection: Connection, tables: list[Table]
) -> dict[str, dict[str, str]]:
    regclasses = ", ".join(f"to_regclass('\"{table.name}\"')" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL.format(tables=regclasses))
        rows = cursor.fetchall()
    found: dict[str, dict[str, str]] = {}
    for table_name, column_name, type_name in rows:
        found.setdefault(table_name, {})[column_name] = type_name
    return found


def _check_columns(table: Table, found: dict[str, str]) -> tuple[Column, ...]:
    where = f"{table.source}: {table.name}"
    present = []
    for column in table.columns:
        if column.name not in found:
            if column.required:
                raise UserError(
                    f"{where}: the required column {column.name} is missing; restore "
                    "it in the source or change loaders/contract.yml"
                )
            if column.landed:
                logger.warning("%s: no column %s, it is NULL", where, column.name)
        elif column.landed:
            accepted = ACCEPTED_TYPES[column.type].union(column.accepts)
            if found[column.name] not in accepted:
                raise UserError(
                    f"{where}: the type of {column.name} changed to "
                    f"{found[column.name]}, expected {column.type}; mend the source or "
                    "change loaders/contract.yml"
                )
            present.append(column)
    undeclared = sorted(found.keys() - {column.name for column in table.columns})
    if undeclared:
        logger.warning(
            "%s: undeclared columns are dropped: %s", where, ", ".join(undeclared)
        )
    return tuple(present)
