"""Warehouse tables read and written, with one clear line if that does not work."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection, Cursor

from warehouse.connection import SCHEMAS
from warehouse.dialect import dialect_of
from warehouse.errors import DENIED, GRANTED, UserError, explained
from warehouse.spark_connection import SparkConnection, SparkCursor

# DuckDB's ADBC driver writes past its memory when it appends more rows at a time.
ROWS_PER_APPEND = 2048
TIMESTAMP = pa.timestamp("us", "UTC")
SQL_TYPES = {
    pa.string(): "varchar",
    TIMESTAMP: "timestamptz",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
}
# Unlike the information schema it names what the role has no right to, too.
EXISTING_TABLES = """
    select nspname, relname, nspname = any(current_schemas(false))
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f')
"""


def existing_tables(connection: Connection) -> set[str]:
    """Return the names of all tables and views, with their schema.

    Of those that are found without it, the names without it too.
    """
    names = set()
    with connection.cursor() as cursor:
        if isinstance(cursor, SparkCursor):
            return _existing_on_spark(cursor)
        cursor.execute(EXISTING_TABLES)
        for schema, name, is_found in cursor.fetchall():
            names |= {f"{schema}.{name}", name} if is_found else {f"{schema}.{name}"}
    return names


def _existing_on_spark(cursor: SparkCursor) -> set[str]:
    cursor.execute("select current_schema()")
    ((current,),) = cursor.fetchall()
    cursor.execute("show schemas")
    schemas = {schema for (schema,) in cursor.fetchall() if SCHEMAS.fullmatch(schema)}
    names = set()
    for one in {current, *schemas}:
        cursor.execute(f"show tables in {one}")
        for schema, name, is_temporary in cursor.fetchall():
            names |= {name} if is_temporary else {f"{schema}.{name}"}
            names |= {name} if schema == current else set()
    return names


def has_table(connection: Connection, place: str) -> bool:
    """Tell whether there is a table; Spark lists all of them in seconds."""
    if isinstance(connection, SparkConnection):
        return connection.has_table(place)
    return place in existing_tables(connection)


def create_table(connection: Connection, place: str, columns: dict[str, str]) -> None:
    """Make a table, unless it is there.

    Args:
        connection: An open warehouse.
        place: The table with its schema, which is made too.
        columns: The type of each column, as Postgres calls it.

    Raises:
        UserError: the role has no right to.
    """
    if has_table(connection, place):
        return
    schema, type_name = place.split(".")[0], dialect_of(connection).type_name
    typed = ", ".join(f"{name} {type_name(kind)}" for name, kind in columns.items())
    with (
        denial_explained(connection, f"write to the schema {schema}"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"create schema if not exists {schema}")
        cursor.execute(f"create table {place} ({typed})")


def require_tables(
    connection: Connection, names: list[str], remedy: str = "run `dbt build` first"
) -> None:
    """Check that tables exist.

    Args:
        connection: An open warehouse.
        names: Tables, with their schema unless they are found without it.
        remedy: What makes them.

    Raises:
        UserError: a table does not exist.
    """
    existing = existing_tables(connection)
    missing = [name for name in names if name not in existing]
    if missing:
        raise UserError(f"the warehouse has no table {', '.join(missing)}: {remedy}")


def read(connection: Connection, query: str) -> pa.Table:
    """Return the rows of a query.

    Raises:
        UserError: the query does not run.
    """
    with _answer(connection, query) as reader:
        return reader.read_all()


def stream(connection: Connection, query: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query in batches, as the warehouse sends them.

    Raises:
        UserError: the query does not run.
    """
    with _answer(connection, query) as reader:
        yield from reader


@contextmanager
def _answer(connection: Connection, query: str) -> Iterator[pa.RecordBatchReader]:
    with connection.cursor() as cursor:
        try:
            with denial_explained(connection, "read the warehouse"):
                cursor.execute(query)
                yield cursor.fetch_record_batch()
        except Error as error:
            remedy = "run `make build publish` to bring its tables up to date"
            raise UserError(
                f"the warehouse does not answer as expected: {explained(error, remedy)}"
            ) from error


def replace_rows(
    connection: Connection, schema: str, name: str, rows: pa.Table
) -> None:
    """Replace the content of a table, for good once the transaction is committed.

    Args:
        connection: An open warehouse.
        schema: The schema of the table.
        name: Its name.
        rows: Its new rows, by the names of its columns; they get its types.

    Raises:
        UserError: the table has other columns.
    """
    place = f"{schema}.{name}"
    refusal = f"the table {place} does not take its rows:"
    types = read(connection, f"select * from {place} limit 0").schema  # noqa: S608
    # no rows may not know their columns
    if rows.num_rows == 0:
        rows = types.empty_table()
    if differing := sorted(set(types.names) ^ set(rows.column_names)):
        raise UserError(
            f"{refusal} {', '.join(differing)} not in both; run `dbt build`, which "
            "makes it anew if it is of an older version"
        )
    rows = rows.select(types.names).cast(types)
    with connection.cursor() as cursor:
        try:
            with denial_explained(connection, f"write to the schema {schema}"):
                if isinstance(cursor, SparkCursor):
                    cursor.insert(place, rows, is_overwriting=True)
                else:
                    cursor.execute(f"delete from {place}")  # noqa: S608 - our own name
                    append_rows(cursor, name, rows, schema)
        except Error as error:
            told = explained(error, "run `dbt build`, which makes it anew")
            raise UserError(f"{refusal} {told}") from error


def append_rows(
    cursor: Cursor,
    table: str,
    rows: pa.Table,
    schema: str | None = None,
    temporary: bool = False,
) -> None:
    """Add rows to a table by the names of its columns, here or in another schema."""
    if isinstance(cursor, SparkCursor):
        cursor.append(f"{schema}.{table}" if schema else table, rows)
        return
    # DuckDB's driver goes by position, and an older table may have another order.
    place = f'"{schema}"."{table}"' if schema else f'"{table}"'
    cursor.execute(f"select * from {place} limit 0")  # noqa: S608 - our own names
    in_order = {
        column.name: rows[column.name]
        if column.name in rows.column_names
        else pa.nulls(rows.num_rows, column.type)
        for column in cursor.fetch_arrow_table().schema
    }
    # what the table lacks makes the driver fail, as it should
    extra = {name: rows[name] for name in rows.column_names if name not in in_order}
    cursor.adbc_ingest(
        table,
        pa.table(in_order | extra).to_reader(max_chunksize=ROWS_PER_APPEND),
        mode="append",
        db_schema_name=schema,
        temporary=temporary,
    )


@contextmanager
def denial_explained(connection: Connection, what: str) -> Iterator[None]:
    """Say in one line who has no right to `what`, if Postgres denies it.

    Raises:
        UserError: Postgres denied what was tried; the transaction is rolled back.
    """
    try:
        yield
    except Error as error:
        denied = DENIED.search(str(error))
        if not denied:
            raise
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            (role,) = cursor.fetchone()
        raise UserError(
            f"WAREHOUSE_URL: the role {role} has no right to {what}: {denied[0]}; "
            f"{GRANTED}"
        ) from error
