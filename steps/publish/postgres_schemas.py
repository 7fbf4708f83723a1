"""Show a generation in schemas of Postgres, which change their names all at once."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress

import psycopg2
from psycopg2.errors import DeadlockDetected, InsufficientPrivilege, LockNotAvailable
from psycopg2.extensions import connection as PostgresConnection
from psycopg2.extensions import cursor as Cursor

from steps.publish.analysts_views import make_again, take_down
from steps.publish.contents import PublishedTable
from steps.publish.generation import About, generations_table
from warehouse.connection import postgres_parts
from warehouse.errors import GRANTED, UserError, explained, one_line

SCHEMAS = ("marts", "training")
# Nobody waits longer for the publish than that, and the publish tries again.
LOCK_TIMEOUT = "1s"
TRIES = 60
SECONDS_BETWEEN_TRIES = 1
FINGERPRINT = """
    select
        count(*),
        coalesce(sum(
            ('x' || left(md5(cast({name} as text)), 16))::bit(64)::bigint::numeric
        ), 0)
    from {place} as {name}
"""
# What readers may do is theirs in the next generation too.
RIGHTS = """
    select format(
        'grant %s on schema {next} to %s', privilege_type,
        case grantee when 0 then 'public' else cast(grantee::regrole as text) end
    )
    from pg_namespace, aclexplode(nspacl)
    where nspname = '{schema}' and grantee <> nspowner
    union all
    select format(
        'alter default privileges for role %s in schema {next} '
        'grant %s on tables to %s',
        defaclrole::regrole, privilege_type,
        case grantee when 0 then 'public' else cast(grantee::regrole as text) end
    )
    from pg_default_acl
    inner join pg_namespace on pg_namespace.oid = defaclnamespace,
    aclexplode(defaclacl)
    where nspname = '{schema}' and defaclobjtype = 'r' and grantee <> defaclrole
"""
RIGHTS_ON_TABLES = """
    select format(
        'grant %s on {next}.%I to %s', privilege_type, relname,
        case grantee when 0 then 'public' else cast(grantee::regrole as text) end
    )
    from pg_class
    inner join pg_namespace on pg_namespace.oid = relnamespace,
    aclexplode(relacl)
    where nspname = '{schema}' and grantee <> relowner
        and to_regclass(format('{next}.%I', relname)) is not null
"""
OLD_GENERATIONS = r"""
    select nspname
    from pg_namespace
    where nspname ~ '^(marts|training)_\d+$'
        and split_part(nspname, '_', 2)::bigint < {number}
"""
# What else is in a schema, or reads a table in it from outside.
FOREIGN = """
    select 1 from pg_depend
    inner join pg_class as published
        on refclassid = 'pg_class'::regclass and refobjid = published.oid
    inner join pg_namespace on pg_namespace.oid = published.relnamespace
    left join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
    left join pg_constraint
        on classid = 'pg_constraint'::regclass and objid = pg_constraint.oid
    where nspname = '{schema}' and deptype = 'n'
        and coalesce(ev_class, conrelid, 0) <> published.oid
"""


def publish_schemas(
    url: str, tables: Iterable[PublishedTable], about: About, drop_broken_views: bool
) -> str:
    """Make the schemas of a generation and give them the names that readers know.

    Returns:
        What was published, in one line.

    Raises:
        UserError: it does not work, or breaks a view; the old generation stands.
    """
    try:
        with closing(psycopg2.connect(**postgres_parts(url))) as connection:
            try:
                with connection, connection.cursor() as cursor:
                    number = _make(cursor, tables, about)
                _repeatedly(
                    connection, lambda cursor: _swap(cursor, number, drop_broken_views)
                )
            finally:
                with (
                    suppress(psycopg2.Error),
                    connection,
                    connection.cursor() as cursor,
                ):
                    _discard_next(cursor)
            kept = drop_generations(connection, number - 1)
    except InsufficientPrivilege as error:
        role = postgres_parts(url)["user"]
        raise UserError(
            f"nothing is published: {one_line(error)} for the role {role}; {GRANTED}, "
            "or make it a member of the owner"
        ) from error
    except psycopg2.Error as error:
        told = explained(error, "mend that and publish again")
        raise UserError(
            f"nothing is published: {told}; what was published before stands"
        ) from error
    told = f", {', '.join(kept)} stay as others use them" if kept else ""
    return f"schemas marts and training: generation {number}{told}"


def _make(cursor: Cursor, tables: Iterable[PublishedTable], about: About) -> int:
    """Make the next schemas, which no reader knows yet; return their number."""
    cursor.execute("set timezone = 'UTC'")
    cursor.execute("set search_path = ''")
    _discard_next(cursor)
    for schema in SCHEMAS:
        cursor.execute(f"create schema {schema}_next")
        _grant(cursor, RIGHTS, schema)
    for statement in generations_table("marts_next"):
        cursor.execute(statement)
    number = _carry_generations(cursor)
    fingerprints = {}
    for table in tables:
        place = f"{table.schema}_next"
        for statement in table.statements(place):
            cursor.execute(statement)
        cursor.execute(
            FINGERPRINT.format(place=f"{place}.{table.name}", name=table.name)
        )
        rows, told = cursor.fetchone()
        fingerprints[f"{table.schema}.{table.name}"] = (rows, str(told))
        cursor.execute(f"analyze {place}.{table.name}")
    for statement in about.statements("marts_next", number, fingerprints):
        cursor.execute(statement)
    for schema in SCHEMAS:
        _grant(cursor, RIGHTS_ON_TABLES, schema)
    return number


def _discard_next(cursor: Cursor) -> None:
    for schema in SCHEMAS:
        cursor.execute(f"drop schema if exists {schema}_next cascade")


def _grant(cursor: Cursor, rights: str, schema: str) -> None:
    cursor.execute(rights.format(schema=schema, next=f"{schema}_next"))
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def _carry_generations(cursor: Cursor) -> int:
    """Keep the rows of earlier generations; return the number of the next."""
    cursor.execute("select to_regclass('marts.generations') is not null")
    if cursor.fetchone() == (True,):
        cursor.execute(
            "insert into marts_next.generations select * from marts.generations"
        )
    elif _is_foreign(cursor):
        raise UserError(
            "the schema marts or training holds what no publish made: give it another "
            "name, as readers will find the marts there"
        )
    cursor.execute(
        "select coalesce(max(generation_id), 0) + 1 from marts_next.generations"
    )
    return cursor.fetchone()[0]


def _is_foreign(cursor: Cursor) -> bool:
    cursor.execute(
        "select 1 from pg_class inner join pg_namespace "
        "on pg_namespace.oid = relnamespace where nspname in ('marts', 'training')"
    )
    return cursor.fetchone() is not None


def _swap(cursor: Cursor, number: int, drop_broken_views: bool) -> None:
    """Let the next schemas have the names, and analysts' views read them.

    Whoever has begun a transaction with `marts.generations` reads on in the old ones.
    """
    cursor.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
    if number > 1:
        cursor.execute("lock table marts.generations in access exclusive mode")
    views = take_down(cursor, list(SCHEMAS))
    for schema in SCHEMAS:
        cursor.execute(f"select to_regnamespace('{schema}') is not null")
        if cursor.fetchone() == (True,):
            cursor.execute(f"alter schema {schema} rename to {schema}_{number - 1}")
        cursor.execute(f"alter schema {schema}_next rename to {schema}")
    broken = make_again(cursor, views)
    if broken and not drop_broken_views:
        told = "; ".join(f"{name}: {reason}" for name, reason in broken.items())
        raise UserError(
            f"nothing is published, as these views would break: {told}. Mend or drop "
            "them, or publish with --drop-broken-views"
        )


def _repeatedly(
    connection: PostgresConnection, change: Callable[[Cursor], None]
) -> None:
    """Do something in a transaction, again while others hold what it needs."""
    for left in reversed(range(TRIES)):
        try:
            with connection, connection.cursor() as cursor:
                change(cursor)
                return
        except (LockNotAvailable, DeadlockDetected):
            if not left:
                raise UserError(
                    "nothing is published: for two minutes somebody has read "
                    "marts.generations, or a view on the marts, in one transaction; "
                    "what was published before stands, publish again when that ends"
                ) from None
            time.sleep(SECONDS_BETWEEN_TRIES)


def drop_generations(
    connection: PostgresConnection, before: int | None = None
) -> list[str]:
    """Drop older generations; return those that others use.

    Args:
        connection: To the warehouse.
        before: The first number that stays; by default only the newest does.
    """
    with connection, connection.cursor() as cursor:
        if before is None:
            cursor.execute("select max(generation_id) from marts.generations")
            (before,) = cursor.fetchone()
        cursor.execute(OLD_GENERATIONS.format(number=before))
        schemas = [schema for (schema,) in cursor.fetchall()]
    kept = []
    for schema in schemas:
        is_dropped = False
        with suppress(LockNotAvailable), connection, connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(FOREIGN.format(schema=schema))
            if cursor.fetchone() is None:
                cursor.execute(f"drop schema {schema} cascade")
                is_dropped = True
        if not is_dropped:
            kept.append(schema)
    return kept
