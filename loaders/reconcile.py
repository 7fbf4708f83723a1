"""Find hard deletes: compare the keys that landed with the keys of the source."""

from datetime import datetime

from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import DELETED_IN_SOURCE, Table, read_contract
from loaders.source_table import DatabaseTable, SourceTable
from warehouse.errors import WithheldError


def reconcile(
    connection: Connection,
    source_table: DatabaseTable,
    now: datetime,
    accept_deletes: bool = False,
) -> tuple[int, int]:
    """Mark the rows that are gone from the source, and unmark those that are back.

    Args:
        connection: the warehouse; the caller commits what is marked.
        source_table: a table that has landed before.
        now: when the source was read.
        accept_deletes: mark them, however many they are.

    Returns:
        How many rows were marked, and how many rows of the source never landed.

    Raises:
        WithheldError: so many are gone that the source may not have shown all.
    """
    table = source_table.table
    landed = f'{table.schema_name}."{table.name}"'
    is_in_source = f"exists (select 1 from source_keys where {_same_key(table)})"
    is_gone = f"{DELETED_IN_SOURCE} is null and not {is_in_source}"
    is_back = f"{DELETED_IN_SOURCE} is not null and {is_in_source}"
    with connection.cursor() as cursor:
        with source_table.read_keys() as keys:
            cursor.adbc_ingest("source_keys", keys, mode="create", temporary=True)
        gone = _count(cursor, f"{landed} as landed where {is_gone}")
        live = _count(cursor, f"{landed} where {DELETED_IN_SOURCE} is null")
        if isinstance(source_table, SourceTable) and not accept_deletes:
            _check(source_table.where, gone, live)
        cursor.execute(
            f"update {landed} as landed set {DELETED_IN_SOURCE} = "
            f"case when {is_gone} then timestamptz '{now.isoformat()}' end "
            f"where ({is_gone}) or ({is_back})"
        )
        missing = _count(
            cursor,
            f"source_keys where not exists "
            f"(select 1 from {landed} as landed where {_same_key(table)})",
        )
        cursor.execute("drop table source_keys")
    return gone, missing


def _check(where: str, gone: int, live: int) -> None:
    most = read_contract()["accepted_deletes"]
    if gone > most["rows"] and gone > most["share"] * live:
        raise WithheldError(
            f"{where}: {gone} of {live} rows are gone from the source, "
            f"more than {most['share']:.0%}: nothing is marked as deleted. If they are "
            "meant to be gone, load with --accept-deletes"
        )


def _count(cursor: Cursor, rows: str) -> int:
    cursor.execute(f"select count(*) from {rows}")
    return cursor.fetchone()[0]


def _same_key(table: Table) -> str:
    """Compare as text: a UUID is one in the warehouse and text in Arrow."""
    return " and ".join(
        f'cast(landed."{name}" as varchar) = cast(source_keys."{name}" as varchar)'
        for name in table.key
    )
