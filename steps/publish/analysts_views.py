"""Views that analysts made on the marts: taken down and made again on new ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import quote_ident

# Each view that reads a published table, or such a view; those that read others come
# later. `search_path` is empty, so that definitions name schemas.
VIEWS = """
    with recursive reading as (
        select pg_class.oid, 0 as depth
        from pg_class
        inner join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ({schemas}) and relkind in ('r', 'p')

        union

        select ev_class, depth + 1
        from reading
        inner join pg_depend
            on refclassid = 'pg_class'::regclass and refobjid = reading.oid
            and classid = 'pg_rewrite'::regclass
        inner join pg_rewrite on pg_rewrite.oid = objid and ev_class <> reading.oid
    )

    select
        pg_class.oid, nspname, relname, relkind = 'm', pg_get_viewdef(pg_class.oid),
        pg_get_userbyid(relowner), array_to_string(reloptions, ', '), relispopulated
    from pg_class
    inner join pg_namespace on pg_namespace.oid = relnamespace
    inner join (
        select oid, max(depth) as depth from reading where depth > 0 group by oid
    ) as views on views.oid = pg_class.oid
    order by depth, nspname, relname
"""
# What belongs to a view besides its definition, as SQL that makes it again.
BELONGINGS = """
    select format(
        'grant %s on %s to %s%s', privilege_type, {view},
        case grantee when 0 then 'public' else cast(grantee::regrole as text) end,
        case when is_grantable then ' with grant option' else '' end
    )
    from pg_class, aclexplode(relacl)
    where oid = {oid} and grantee <> relowner
    union all
    select format('comment on {kind} %s is %L', {view}, description)
    from (select obj_description({oid}, 'pg_class') as description) as of_view
    where description is not null
    union all
    select format(
        'comment on column %s.%I is %L', {view}, attname, col_description({oid}, attnum)
    )
    from pg_attribute
    where attrelid = {oid} and col_description({oid}, attnum) is not null
    union all
    select pg_get_indexdef(indexrelid) from pg_index where indrelid = {oid}
"""


@dataclass(frozen=True)
class View:
    """A view, and the SQL that makes it again."""

    name: str
    kind: str
    create: str
    belongings: tuple[str, ...]


def take_down(cursor: Cursor, schemas: list[str]) -> list[View]:
    """Drop the views that read published tables; return them, what they read first."""
    views = list(_views(cursor, schemas))
    for view in reversed(views):
        cursor.execute(f"drop {view.kind} {view.name}")
    return views


def make_again(cursor: Cursor, views: list[View]) -> dict[str, str]:
    """Make views again; return what is wrong with those that cannot be, by name."""
    broken = {}
    for view in views:
        cursor.execute("savepoint view")
        try:
            for statement in (view.create, *view.belongings):
                cursor.execute(statement)
        except (psycopg2.ProgrammingError, psycopg2.DataError) as error:
            cursor.execute("rollback to savepoint view")
            broken[view.name.replace('"', "")] = error.diag.message_primary
        cursor.execute("release savepoint view")
    return broken


def _views(cursor: Cursor, schemas: list[str]) -> Iterator[View]:
    names = ", ".join(f"'{schema}'" for schema in schemas)
    cursor.execute(VIEWS.format(schemas=names))
    for row in cursor.fetchall():
        oid, schema, name, is_stored, definition, owner, options, is_filled = row
        kind = "materialized view" if is_stored else "view"
        quoted = ".".join(quote_ident(part, cursor) for part in (schema, name))
        literal = "'" + quoted.replace("'", "''") + "'"
        cursor.execute(BELONGINGS.format(oid=oid, view=literal, kind=kind))
        yield View(
            quoted,
            kind,
            f"create {kind} {quoted}{f' with ({options})' if options else ''} as "
            f"{definition.rstrip(';')}"
            f"{' with no data' if is_stored and not is_filled else ''}",
            (
                *(statement for (statement,) in cursor.fetchall()),
                f"alter {kind} {quoted} owner to {quote_ident(owner, cursor)}",
            ),
        )
