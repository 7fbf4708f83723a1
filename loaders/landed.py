"""What has landed already: where a load goes on from, and what it need not repeat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import DELETED_IN_SOURCE, Table, converted


@dataclass(frozen=True)
class Landed:
    """A declared table as it stands in the warehouse.

    Attributes:
        rows: how many rows it has.
        since: rows whose cursor is older than this are not read again; None: all are.
        known: the rows from `since` on, which need not land again.
    """

    rows: int
    since: datetime | None = None
    known: pa.Table | None = None


def read_landed(connection: Connection, table: Table, now: datetime) -> Landed:
    """Read the state of a table; a row dated after `now` moves no watermark."""
    since = _read_since(connection, table, now)
    known = read_known(connection, table, since)
    return Landed(count_rows(connection, table), since, known)


def find_incomplete(connection: Connection, tables: list[Table]) -> list[Table]:
    """Return the tables that lack a declared column, or that are not there at all."""
    with connection.cursor() as cursor:
        return [
            table
            for table in tables
            if not _column_names(cursor, table).issuperset(table.landed)
        ]


def count_rows(connection: Connection, table: Table) -> int:
    """Count the rows of a table in the warehouse."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {_name(table)}")
        return cursor.fetchone()[0]


def count_live_rows(connection: Connection, table: Table) -> int:
    """Count the rows of a table that are not known to be gone from its source."""
    is_live = f"where {DELETED_IN_SOURCE} is null" if table.is_reconciled else ""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {_name(table)} {is_live}")
        return cursor.fetchone()[0]


def unknown_rows(rows: pa.Table, known: pa.Table | None) -> pa.Table:
    """Return the rows that are new or differ from the known ones, each once."""
    if known is None or not known.num_rows or not rows.num_rows:
        return rows
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        relation = connection.execute("from rows except from known")
        return relation.to_arrow_table().cast(rows.schema)


def _name(table: Table) -> str:
    return f'{table.schema_name}."{table.name}"'


def _column_names(cursor: Cursor, table: Table) -> set[str]:
    cursor.execute(
        "select column_name from information_schema.columns where "
        f"table_schema = '{table.schema_name}' and table_name = '{table.name}'"
    )
    return {name for (name,) in cursor.fetchall()}


def _cursor_expression(table: Table) -> str:
    return f"greatest({', '.join(table.cursor)})"


def _read_since(connection: Connection, table: Table, now: datetime) -> datetime | None:
    if not table.cursor:
        return None
    moved = _cursor_expression(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select max({moved}) from {_name(table)} "
            f"where {moved} <= '{now.isoformat()}'"
        )
        (newest,) = cursor.fetchone()
    return newest and newest - timedelta(hours=table.overlap_hours)


def read_known(
    connection: Connection, table: Table, since: datetime | None = None
) -> pa.Table:
    """Return the rows that have landed, from `since` on or all."""
    columns = ", ".join(
        f'cast("{name}" as varchar) as "{name}"'
        if type_name in ("uuid", "numeric")
        else f'"{name}"'
        for name, type_name in table.landed.items()
    )
    where = ""
    if since:
        moved = _cursor_expression(table)
        where = f"where {moved} >= '{since.isoformat()}' or {moved} is null"
    with connection.cursor() as cursor:
        cursor.execute(f"select {columns} from {_name(table)} {where}")
        rows = cursor.fetch_arrow_table()
    return pa.table(
        {
            name: converted(rows[name], type_name)
            for name, type_name in table.landed.items()
        },
        schema=table.arrow_schema,
    )
