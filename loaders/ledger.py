"""The load ledger: `_loads` in each staging schema, one row per load and table.

It stands before the first row lands, so a killed load leaves its trace: a row that
never finished.
"""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import Table, tables_of
from warehouse.tables import SQL_TYPES, TIMESTAMP, append_rows
from warehouse.telemetry import run_id

COLUMN_SEPARATOR = ", "
SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("data_origin", pa.string()),
        ("hash_key_id", pa.string()),
        ("started_at", TIMESTAMP),
        ("finished_at", TIMESTAMP),
        ("rows_new", pa.int64()),
        ("rows_changed", pa.int64()),
        ("rows_deleted", pa.int64()),
        ("rows_rejected", pa.int64()),
        ("rows_live", pa.int64()),
        ("is_reconciled", pa.bool_()),
        ("columns_read", pa.string()),
        ("origin", pa.string()),
        ("known_until_at", TIMESTAMP),
        ("run_id", pa.string()),
    ]
)


@dataclass
class TableResult:
    """What one load did to one table, in rows.

    Attributes:
        rows_live: those that the source still has, when the load ended.
        known_until_at: nothing later than this is in what was read.
        is_complete: whether all was read that is new.
        error: why not, if somebody has to see to it.
    """

    table: Table
    known_until_at: datetime | None = None
    rows_new: int = 0
    rows_changed: int = 0
    rows_deleted: int = 0
    rows_rejected: int = 0
    rows_live: int | None = None
    is_reconciled: bool = False
    columns_read: str = ""
    is_complete: bool = True
    error: str = ""


@dataclass(frozen=True)
class Ledger:
    """The ledger of one source, for one load."""

    source: str
    data_origin: str
    hash_key_id: str
    started_at: datetime

    @property
    def _name(self) -> str:
        return f"staging_{self.source}._loads"

    def start(self, connection: Connection, results: list[TableResult]) -> None:
        """Write that the load has begun, whatever becomes of it."""
        with connection.cursor() as cursor:
            self._write(cursor, results, None)
        connection.commit()

    def finish(
        self, connection: Connection, results: list[TableResult], finished_at: datetime
    ) -> None:
        """Replace what `start` wrote by what the load did.

        A table that was not read completely never finishes.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"delete from {self._name} "
                f"where started_at = '{self.started_at.isoformat()}'"
            )
            for is_complete in (True, False):
                written = [row for row in results if row.is_complete is is_complete]
                self._write(cursor, written, finished_at if is_complete else None)
        connection.commit()

    def last_reconciled(self, connection: Connection, table: Table) -> datetime | None:
        """Return when the keys of a table were last compared with its source."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select max(started_at) from {self._name} "
                f"where table_name = '{table.name}' "
                "and is_reconciled and finished_at is not null"
            )
            return cursor.fetchone()[0]

    def columns_last_read(self, connection: Connection, table: Table) -> set[str]:
        """Return the columns that the last complete load found in the source."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select columns_read from {self._name} "
                f"where table_name = '{table.name}' and finished_at is not null "
                "order by started_at desc limit 1"
            )
            columns = cursor.fetchone() or ("",)
        return set(columns[0].split(COLUMN_SEPARATOR)) - {""}

    def _write(
        self, cursor: Cursor, results: list[TableResult], finished_at: datetime | None
    ) -> None:
        rows = [
            {
                "table_name": result.table.name,
                "data_origin": self.data_origin,
                "hash_key_id": self.hash_key_id,
                "started_at": self.started_at,
                "finished_at": finished_at,
                "rows_new": result.rows_new,
                "rows_changed": result.rows_changed,
                "rows_deleted": result.rows_deleted,
                "rows_rejected": result.rows_rejected,
                "rows_live": result.rows_live,
                "is_reconciled": result.is_reconciled,
                "columns_read": result.columns_read,
                "origin": result.table.origin,
                "known_until_at": result.known_until_at,
                "run_id": run_id(),
            }
            for result in results
        ]
        if rows:
            table = pa.Table.from_pylist(rows, SCHEMA)
            append_rows(cursor, "_loads", table, f"staging_{self.source}")


def forget_columns(cursor: Cursor, table: Table) -> None:
    """Let the next loads read a table whole, until one is complete."""
    cursor.execute(
        f"update {table.schema_name}._loads set columns_read = '' "
        f"where table_name = '{table.name}'"
    )


def create_ledger(connection: Connection, source: str) -> None:
    """Create the ledger of a source, so that it can be read before the first load."""
    columns = [f"{field.name} {SQL_TYPES[field.type]}" for field in SCHEMA]
    with connection.cursor() as cursor:
        cursor.execute(f"create schema if not exists staging_{source}")
        cursor.execute(
            f"create table if not exists staging_{source}._loads ({', '.join(columns)})"
        )
        cursor.execute(
            "select column_name from information_schema.columns where "
            f"table_schema = 'staging_{source}' and table_name = '_loads'"
        )
        present = {name for (name,) in cursor.fetchall()}
        if not present.issuperset(SCHEMA.names):
            _add_columns(cursor, source, columns)
    connection.commit()


def _add_columns(cursor: Cursor, source: str, columns: list[str]) -> None:
    """Give the ledger of an older loader what it lacks.

    What that one landed is read whole once more, as texts land clean since then.
    """
    ledger = f"staging_{source}._loads"
    for column in columns:
        cursor.execute(f"alter table {ledger} add column if not exists {column}")
    for table in tables_of(source):
        cursor.execute(
            f"update {ledger} set origin = '{table.origin}', "
            "known_until_at = started_at, columns_read = '' "
            f"where table_name = '{table.name}' and origin is null"
        )
