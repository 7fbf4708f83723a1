"""The warehouse: whether it opens, takes what would land, and whose data it holds."""

from collections.abc import Iterator

import duckdb
from adbc_driver_manager.dbapi import Connection

from loaders.check.finding import Finding
from loaders.check.server import check_server
from loaders.lake import Lake, behind, landed_in
from warehouse.connection import connect, duckdb_path, is_duckdb, is_spark
from warehouse.errors import UserError
from warehouse.origins import check_origin, hash_key_id
from warehouse.settings import SOURCE_VARIABLES, Settings
from warehouse.spark import lake_url

PLACE = "WAREHOUSE_URL"
# Of the schemas that a load writes: those that the role may not make anything in.
CLOSED = """
    select name
    from (values {schemas}) as needed (name)
    where not case
        when to_regnamespace(name) is null
            then has_database_privilege(current_database(), 'create')
        else has_schema_privilege(name, 'create')
    end
    order by name
"""


def check_warehouse(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of the warehouse.

    Raises:
        UserError: it does not open, or holds what does not go with the settings.
    """
    if is_spark(settings.warehouse_url):
        yield from _check_spark(settings.warehouse_url)
    url = landed_in(settings).warehouse_url
    if is_duckdb(url) and not duckdb_path(url).exists():
        yield Finding(PLACE, f"there is no {duckdb_path(url)} yet: a load makes it")
        return
    with connect(url, is_read_only=True) as connection:
        if is_duckdb(url):
            yield Finding(PLACE, f"{duckdb_path(url)}, DuckDB {duckdb.__version__}")
        else:
            yield from _check_postgres(connection, url)
        origin = "demo" if settings.is_demo else "real"
        key = hash_key_id(settings.hash_key)
        check_origin(connection, list(SOURCE_VARIABLES), origin, key)
        yield Finding(PLACE, f"it takes {origin} data under this PII_HASH_KEY")


def _check_spark(url: str) -> Iterator[Finding]:
    """Yield whether Spark is there, and reads the files of the lake as they are."""
    lake = Lake.at(lake_url())
    manifest = lake.read_manifest()
    with connect(url) as spark, spark.cursor() as cursor:
        cursor.execute("select version()")
        (version,) = cursor.fetchone()
        yield Finding(PLACE, f"Spark {version.split()[0]}")
        tables = behind(cursor, lake.location, manifest) if manifest else []
    if tables:
        told = f"Spark lacks {len(tables)} tables of {lake.root}: load again"
    elif manifest:
        told = f"Spark reads the {len(manifest)} tables of {lake.root}"
    else:
        told = f"{lake.root} is empty: a load fills it"
    yield Finding("LAKE_URL", told, is_well=not tables)


def _check_postgres(connection: Connection, url: str) -> Iterator[Finding]:
    yield from check_server(connection, url, PLACE, has_clock=True)
    schemas = ["production", *(f"staging_{source}" for source in SOURCE_VARIABLES)]
    with connection.cursor() as cursor:
        cursor.execute("select getdatabaseencoding()")
        (encoding,) = cursor.fetchone()
        values = ", ".join(f"('{schema}')" for schema in schemas)
        cursor.execute(CLOSED.format(schemas=values))
        closed = [name for (name,) in cursor.fetchall()]
    if encoding != "UTF8":
        yield Finding(
            PLACE,
            f"its encoding is {encoding}, which cannot hold every text: make a "
            "database with the encoding UTF8",
            is_well=False,
        )
    if closed:
        raise UserError(
            f"{PLACE}: the role may make nothing in {', '.join(closed)}: grant it "
            "create on the database, or on these schemas"
        )
