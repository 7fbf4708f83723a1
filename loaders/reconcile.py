"""Find hard deletes: compare the keys that landed with the keys of the source."""

from datetime import datetime

from adbc_driver_manager.dbapi import Connection

from loaders.contract import DELETED_IN_SOURCE, Table
from loaders.database import SourceTable


def reconcile(
    connection: Connection, source_table: SourceTable, now: datetime
) -> tuple[int, int]:
    """Mark the rows that are gone from the source, and unmark those that are back.

    Args:
        connection: the warehouse; the caller commits what is marked.
        source_table: a table that has landed before.
        now: when the source was read.

    Returns:
        How many rows were marked, and how many rows of the source never landed.
    """
    table = source_table.table
    landed = f'{table.schema_name}."{table.name}"'
    is_in_source = f"exists (select 1 from source_keys where {_same_key(table)})"
    is_gone = f"{DELETED_IN_SOURCE} is null and not {is_in_source}"
    is_back = f"{DELETED_IN_SOURCE} is not null and {is_in_source}"
    with connection.cursor() as cursor:
        with source_table.read_keys() as keys:
            cursor.adbc_ingest("source_keys", keys, mode="create", temporary=True)
        cursor.execute(f"select count(*) from {landed} as landed where {is_gone}")
        (gone,) = cursor.fetchone()
        cursor.execute(
            f"update {landed} as landed set {DELETED_IN_SOURCE} = "
            f"case when {is_gone} then timestamptz '{now.isoformat()}' end "
            f"where ({is_gone}) or ({is_back})"
        )
        cursor.execute(
            f"select count(*) from source_keys where not exists "
            f"(select 1 from {landed} as landed where {_same_key(table)})"
        )
        (missing,) = cursor.fetchone()
        cursor.execute("drop table source_keys")
    return gone, missing


def _same_key(table: Table) -> str:
    """Compare as text: a UUID is one in the warehouse and text in Arrow."""
    return " and ".join(
        f'cast(landed."{name}" as varchar) = cast(source_keys."{name}" as varchar)'
        for name in table.key
    )
