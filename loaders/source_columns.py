"""The columns of a Postgres source: which there are, what lands of them, and how."""

import logging

from adbc_driver_manager.dbapi import Connection

from loaders.contract import Column, Table
from loaders.errors import UserError

logger = logging.getLogger(__name__)

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
# A column that the user may not read counts as missing.
COLUMNS_SQL = """
select
    pg_class.relname,
    pg_attribute.attname,
    case when pg_type.typtype = 'e' then 'enum' else pg_type.typname end
from pg_attribute
inner join pg_class on pg_class.oid = pg_attribute.attrelid
inner join pg_type as declared_type on declared_type.oid = pg_attribute.atttypid
inner join pg_type
    on pg_type.oid = coalesce(nullif(declared_type.typbasetype, 0), declared_type.oid)
where
    pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
    and has_column_privilege(pg_class.oid, pg_attribute.attnum, 'select')
    and pg_class.oid in ({tables})
"""


def read_columns(
    connection: Connection, tables: list[Table]
) -> dict[str, dict[str, str]]:
    """Return the type of each readable column, by table."""
    regclasses = ", ".join(f"to_regclass('\"{table.name}\"')" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_SQL.format(tables=regclasses))
        rows = cursor.fetchall()
    found: dict[str, dict[str, str]] = {}
    for table_name, column_name, type_name in rows:
        found.setdefault(table_name, {})[column_name] = type_name
    return found


def check_columns(table: Table, found: dict[str, str]) -> tuple[Column, ...]:
    """Return the declared columns that can land; what else there is, is told.

    Raises:
        UserError: a required column is missing, or a type has changed.
    """
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


def expression(column: Column) -> str:
    """Return the SQL that reads a column as its contract type."""
    name = f'"{column.name}"'
    return {
        "bigint": f"{name}::bigint",
        "numeric": f"case when {name}::text not in ('NaN', 'Infinity', '-Infinity') "
        f"then {name}::numeric(38, 9)::text end",
        "boolean": name,
        # An infinite or impossible time is a sentinel: never is NULL.
        "timestamp": f"case when {name} >= '0001-01-01' and {name} < '9999-12-31' "
        f"then {name}::timestamptz end",
    }.get(column.type, f"{name}::text")
