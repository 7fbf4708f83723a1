"""Bring what has landed into the shape of a changed contract, before a load.

What can be kept is kept: a column that is declared by another name is renamed, a type
that every value has in another is converted. A table is built anew in one transaction,
which also forgets what dlt remembers of it: killed, the load begins again.
"""

import logging
from dataclasses import replace

from adbc_driver_manager.dbapi import Connection, Cursor

from loaders.contract import Table
from loaders.ledger import forget_columns

logger = logging.getLogger(__name__)

# What the engines call the types that land.
KINDS = {
    "varchar": "text",
    "character varying": "text",
    "numeric": "numeric",
    "decimal(38,9)": "numeric",
    "timestamp with time zone": "timestamp",
}
LANDED_KINDS = {"identifier": "text", "deletion": "timestamp"}
# What every value of another type can be cast to.
CASTS = {
    "text": ("varchar", {"uuid", "bigint", "numeric", "boolean", "timestamp"}),
    "numeric": ("decimal(38, 9)", {"bigint"}),
}
DLT_TABLES = ("_dlt_version", "_dlt_loads", "_dlt_pipeline_state")


def reshape(connection: Connection, source: str, tables: list[Table]) -> None:
    """Rebuild the tables of a source that the contract describes otherwise now.

    A column that is only new is not the concern of this: dlt adds it.
    """
    with connection.cursor() as cursor:
        changed = [table for table in tables if _is_reshaped(cursor, table)]
        if changed:
            for name in DLT_TABLES:
                cursor.execute(f"drop table if exists staging_{source}.{name}")
            cursor.execute(f"drop schema if exists staging_{source}_staging cascade")
    connection.commit()


def _is_reshaped(cursor: Cursor, table: Table) -> bool:
    """Rebuild a table unless it fits; tell whether that was so."""
    cursor.execute(
        "select column_name, lower(data_type), is_nullable "
        "from information_schema.columns where "
        f"table_schema = '{table.schema_name}' and table_name = '{table.name}'"
    )
    columns = cursor.fetchall()
    found = {name: KINDS.get(kind, kind) for name, kind, _ in columns}
    key = {name for name, _, is_nullable in columns if is_nullable == "NO"}
    wanted = {
        name: LANDED_KINDS.get(type_name, type_name)
        for name, type_name in table.landed.items()
    }
    fits = key == set(table.key) and all(
        wanted.get(name) == kind for name, kind in found.items()
    )
    if not found or fits:
        return False
    kept = _kept(table, found, wanted)
    _rebuild(cursor, table, kept)
    lost = sorted(found.keys() & wanted.keys() - kept.keys())
    if lost or key != set(table.key):
        forget_columns(cursor, table)
    logger.warning(
        "%s: %s is built anew, because loaders/contract.yml has changed%s",
        *(table.source, table.name),
        f": {', '.join(lost)} is read again" if lost else "",
    )
    return True


def _kept(
    table: Table, found: dict[str, str], wanted: dict[str, str]
) -> dict[str, str]:
    """Return SQL for each landed column whose values the table has already."""
    kept = {}
    aliases = _landed_aliases(table)
    for name, kind in wanted.items():
        names = [name, *aliases.get(name, ())]
        old = next((name for name in names if name in found), None)
        sql_type, castable = CASTS.get(kind, ("", set()))
        if old and found[old] == kind:
            kept[name] = f'"{old}"'
        elif old and found[old] in castable:
            kept[name] = f'cast("{old}" as {sql_type})'
    return kept


def _landed_aliases(table: Table) -> dict[str, list[str]]:
    """Return what each landed column would be called by the aliases of its column."""
    aliases: dict[str, list[str]] = {}
    for column in table.columns:
        for alias in column.aliases:
            landed = replace(column, name=alias).landed
            for name, old in zip(column.landed, landed, strict=True):
                aliases.setdefault(name, []).append(old)
    return aliases


def _rebuild(cursor: Cursor, table: Table, kept: dict[str, str]) -> None:
    """Replace a table by its rows with these columns, one for each key.

    The views on it go too, as Postgres lets none keep it; `dbt build` makes them anew.
    """
    name = f'{table.schema_name}."{table.name}"'
    copy = f'{table.schema_name}."{table.name}_rebuilt"'
    key = ", ".join(f'"{name}"' for name in table.key)
    has_key = " and ".join(f'"{name}" is not null' for name in table.key)
    if not kept.keys() >= set(table.key):  # no row can be told from another
        cursor.execute(f"drop table {name} cascade")
        return
    columns = ", ".join(f'"{column}"' for column in kept)
    # the copy that stays is the same one every time
    order = ", ".join(f'"{column}" desc nulls last' for column in kept)
    values = ", ".join(f'{value} as "{column}"' for column, value in kept.items())
    cursor.execute(
        f"create table {copy} as select {columns} from ("
        f"select {columns}, row_number() over (partition by {key} order by {order}) "
        f"as copy_number from (select {values} from {name}) as landed "
        f"where {has_key}) as numbered where copy_number = 1"
    )
    cursor.execute(f"drop table {name} cascade")
    cursor.execute(f'alter table {copy} rename to "{table.name}"')
    for column in table.key:
        cursor.execute(f'alter table {name} alter column "{column}" set not null')
