"""Warehouse tables read and written, with one clear line if that does not work."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.errors import UserError, one_line
from loaders.warehouse import append_rows, existing_tables, told_rights


def require_tables(connection: Connection, names: list[str]) -> None:
    """Check that tables exist.

    Args:
        connection: An open warehouse.
        names: Tables with their schema, such as `lift.campaign_lift`.

    Raises:
        UserError: a table does not exist.
    """
    existing = existing_tables(connection)
    missing = [name for name in names if name not in existing]
    if missing:
        raise UserError(
            f"the warehouse has no table {', '.join(missing)}: run `dbt build` first"
        )


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
            with told_rights(connection, "read the warehouse"):
                cursor.execute(query)
                yield cursor.fetch_record_batch()
        except Error as error:
            raise UserError(
                f"the warehouse does not answer as expected: {one_line(error)}; "
                "run `dbt build` to bring its tables up to date"
            ) from error


def replace_rows(
    connection: Connection, schema: str, name: str, rows: pa.Table
) -> None:
    """Replace the content of a table, for good once the transaction is committed.

    Args:
        connection: An open warehouse.
        schema: The schema of the table.
        name: Its name.
        rows: Its new rows, in the order of its columns.

    Raises:
        UserError: the table has other columns.
    """
    with connection.cursor() as cursor:
        try:
            with told_rights(connection, f"write to the schema {schema}"):
                cursor.execute(f"delete from {schema}.{name}")  # noqa: S608 - our own
                append_rows(cursor, name, rows, schema)
        except Error as error:
            raise UserError(
                f"the table {schema}.{name} does not take its rows: {one_line(error)}; "
                "run `dbt build`, which makes it anew if it is of an older version"
            ) from error
