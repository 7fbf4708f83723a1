"""Which of several rows with one key counts; and where there can be but one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from loaders.snapshot import Snapshot

ORDINAL = "_ordinal"
# Rows of a parent table can have the keys of its children's.
UNIQUE_SQL = """
select pg_class.relname, pg_index.indexrelid, {name}
from pg_index
inner join pg_class on pg_class.oid = pg_index.indrelid
cross join
    unnest(pg_index.indkey::int2[]) with ordinality as part(attnum, position)
inner join pg_attribute
    on
        pg_attribute.attrelid = pg_class.oid
        and pg_attribute.attnum = part.attnum
where
    pg_index.indisunique
    and pg_index.indisvalid
    and pg_index.indpred is null
    and pg_index.indexprs is null
    and part.position <= pg_index.indnkeyatts
    and (pg_class.relkind = 'p' or not pg_class.relhassubclass)
    and pg_class.oid in ({tables})
"""
RANKED = """
select {columns}, {ordinal}
from (
    select
        *,
        case when {has_key} then row_number() over (
            partition by {key}
            order by {newest} desc nulls last, landing::text collate "C" desc
        ) else 1 end as {ordinal}
    from ({rows}) as landing
) as ranked
"""


def read_unique_keys(
    snapshot: Snapshot, tables: Iterable[str]
) -> dict[str, list[set[str]]]:
    """Return by table the sets of columns of which no two rows have the same values."""
    regclasses = ", ".join(f"to_regclass('\"{table}\"')" for table in tables)
    query = UNIQUE_SQL.format(name=snapshot.text("attname::text"), tables=regclasses)
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    with snapshot.connection.cursor() as cursor:
        cursor.execute(query)
        for table, index, column in cursor.fetchall():
            found[table, index].add(snapshot.decoded(column))
    keys = defaultdict(list)
    for (table, _), columns in found.items():
        keys[table].append(columns)
    return keys


def ranked(
    rows: str, columns: Iterable[str], key: Sequence[str], times: Sequence[str]
) -> str:
    """Return SQL for rows of which only the first of each key still has its key.

    The newest is the first, and of those as new the one whose columns are the greatest
    as text: the same in every load, in whatever order they are read. Each row has the
    column `ORDINAL`, which is 1 for those that count.

    Args:
        rows: SQL for all of them, whatever was read of the table before.
        columns: what they are called.
        key: those that identify a row.
        times: those that tell how new it is.
    """
    first = [
        f'case when {ORDINAL} = 1 then "{name}" end as "{name}"'
        if name in key
        else f'"{name}"'
        for name in columns
    ]
    return RANKED.format(
        columns=", ".join(first),
        ordinal=ORDINAL,
        has_key=" and ".join(f'"{name}" is not null' for name in key),
        key=", ".join(f'"{name}"' for name in key),
        newest=greatest(times),
        rows=rows,
    )


def greatest(times: Sequence[str]) -> str:
    """Return SQL for the newest of some columns, NULL if they are all."""
    names = ", ".join(f'"{name}"' for name in times)
    return f"greatest({names})" if times else "null::timestamptz"
