"""The columns of a Postgres source: which there are, what lands of them, and how."""

import logging
import re
from collections import defaultdict
from dataclasses import dataclass

from loaders.contract import FIRST_PLAUSIBLE, Column, Table
from loaders.snapshot import Snapshot
from loaders.source_types import may_lose, reading

logger = logging.getLogger(__name__)

SOFT_DELETE = re.compile(
    r"(is|was|has|date|time|soft)?_*(soft)?_*"
    r"(deleted?|deletion|removed|archived|discarded|trashed|purged|destroyed|erased)"
    r"_*(at|on|by|date|time|timestamp|flag)?",
    re.IGNORECASE,
)
LENGTH = r"char_length(btrim({}, E' \t\n\r\f\v'))"
# A domain can be over a domain.
COLUMNS_SQL = """
with recursive resolved as (
    select oid as declared, oid, typtype, typname, typbasetype from pg_type
    union all
    select resolved.declared, base.oid, base.typtype, base.typname, base.typbasetype
    from resolved
    inner join pg_type as base on base.oid = resolved.typbasetype
)

select
    pg_class.relname,
    {name},
    case when resolved.typtype = 'e' then 'enum' else resolved.typname end,
    has_column_privilege(pg_class.oid, pg_attribute.attnum, 'select')
from pg_attribute
inner join pg_class on pg_class.oid = pg_attribute.attrelid
inner join resolved
    on resolved.declared = pg_attribute.atttypid and resolved.typbasetype = 0
where
    pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
    and pg_class.oid in ({tables})
"""

# Without the right to its schema, a table has no place in the search path.
CLOSED_SQL = """
select pg_class.relname, nspname
from pg_class
inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
where
    pg_class.relname in ({names})
    and not has_schema_privilege(pg_namespace.oid, 'usage')
"""


def read_columns(
    snapshot: Snapshot, tables: list[Table]
) -> tuple[dict[str, dict[str, str]], dict[str, set[str]]]:
    """Return the type of each readable column, and the others' names, by table."""
    regclasses = ", ".join(f"to_regclass('\"{table.name}\"')" for table in tables)
    query = COLUMNS_SQL.format(name=snapshot.text("attname::text"), tables=regclasses)
    with snapshot.connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
    found: dict[str, dict[str, str]] = {}
    denied: dict[str, set[str]] = defaultdict(set)
    for table_name, column_name, type_name, is_readable in rows:
        column = snapshot.decoded(column_name)
        if is_readable:
            found.setdefault(table_name, {})[column] = type_name
        else:
            denied[table_name].add(column)
    return found, denied


def closed_schemas(snapshot: Snapshot, names: list[str]) -> dict[str, str]:
    """Return the schema of each table that is in one the user has no right to."""
    if not names:
        return {}
    quoted = ", ".join(f"'{name}'" for name in names)
    with snapshot.connection.cursor() as cursor:
        cursor.execute(CLOSED_SQL.format(names=quoted))
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class SourceColumn:
    """A declared column as it stands in the source.

    Attributes:
        name: what it is called in the contract and in the warehouse.
        found_as: what it is called in the source.
        expression: the SQL that reads it as its contract type.
        may_lose: whether a value of the source may not fit that type.
    """

    name: str
    found_as: str
    expression: str
    may_lose: bool


def check_columns(
    table: Table, found: dict[str, str], denied: set[str], snapshot: Snapshot
) -> tuple[tuple[SourceColumn, ...], list[str]]:
    """Compare the columns of a source table with the contract.

    What is optional and cannot be read, and what is not declared, is told here.

    Args:
        table: what the contract says of it.
        found: the types of its columns in the source.
        denied: those that the user has no right to read.
        snapshot: what it is read in.

    Returns:
        The columns that can be read, and a line for each required one that cannot.
    """
    where = f"{snapshot.variable}: {table.name}"
    present: list[SourceColumn] = []
    problems = []
    for column in table.columns:
        if not column.landed:
            continue
        found_as, *others = [name for name in column.names if name in found] or [None]
        if others:
            logger.warning(
                "%s: %s is read, and %s, which means the same, is not",
                *(where, found_as, " or ".join(others)),
            )
        expression = found_as and _expression(column, found_as, found)
        if expression:
            lossy = may_lose(column.type, found[found_as])
            present.append(SourceColumn(column.name, found_as, expression, lossy))
        elif refused := denied.intersection(column.names):
            told = no_right(snapshot, f"select ({min(refused)}) on {table.name}")
            if column.required:
                problems.append(told)
            else:
                logger.warning("%s; until then it is NULL", told)
        elif column.required and not found_as:
            problems.append(
                f"{where}: the required column {' or '.join(column.names)} is missing; "
                "restore it in the source or change loaders/contract.yml"
            )
        elif column.required:
            problems.append(
                f"{where}: the type of {found_as} changed to {found[found_as]}, "
                f"expected {column.type}; mend the source or change "
                "loaders/contract.yml"
            )
        elif not found_as:
            logger.warning(
                "%s: no column %s, it is NULL", where, " or ".join(column.names)
            )
        else:
            expected = "jsonb" if column.key_of else column.type
            logger.warning(
                "%s: the type of %s is %s, expected %s, it is NULL",
                *(where, found_as, found[found_as], expected),
            )
    _tell_undeclared(table, found, where)
    return tuple(present), problems


def _expression(column: Column, found_as: str, found: dict[str, str]) -> str | None:
    """Return the SQL that reads a column, or None if its type does not convert."""
    type_name = found[found_as]
    if column.key_of:
        is_json = type_name in ("json", "jsonb")
        return f"(\"{found_as}\" ->> '{column.name}')" if is_json else None
    unknown = _unknown_deletion(found)
    expression = reading(column.type, type_name, found_as, unknown)
    return LENGTH.format(expression) if column.pii == "length" else expression


def no_right(snapshot: Snapshot, right: str) -> str:
    """Say which right the user of a source lacks, and how it gets it."""
    return (
        f"{snapshot.variable}: the role {snapshot.role} has no right to {right}: let "
        f'the owner run `grant {right} to "{snapshot.role}"`'
    )


def _unknown_deletion(found: dict[str, str]) -> str:
    """Return SQL for when a row was deleted of which only that it was is known."""
    created_at = reading("timestamp", found.get("created_at", ""), "created_at", "")
    return f"greatest({created_at or 'null'}, timestamptz '{FIRST_PLAUSIBLE}')"


def _tell_undeclared(table: Table, found: dict[str, str], where: str) -> None:
    declared = {name for column in table.columns for name in column.names}
    undeclared = sorted(found.keys() - declared)
    deletions = [name for name in undeclared if SOFT_DELETE.fullmatch(name)]
    others = [name for name in undeclared if name not in deletions]
    for name in deletions:
        logger.warning(
            "%s: %s looks like a soft delete and is not declared, so deleted rows "
            "count: declare it in loaders/contract.yml",
            *(where, name),
        )
    if others:
        logger.warning(
            "%s: undeclared columns are dropped: %s", where, ", ".join(others)
        )
