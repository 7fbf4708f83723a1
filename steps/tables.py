"""Reading warehouse tables, with one clear line if they are not there."""

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.errors import UserError, one_line

EXISTING_TABLES = "select table_schema, table_name from information_schema.tables"


def require_tables(connection: Connection, names: list[str]) -> None:
    """Check that tables exist.

    Args:
        connection: An open warehouse.
        names: Tables with their schema, such as `lift.campaign_lift`.

    Raises:
        UserError: a table does not exist.
    """
    rows = read(connection, EXISTING_TABLES).to_pylist()
    existing = {f"{row['table_schema']}.{row['table_name']}" for row in rows}
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
    with connection.cursor() as cursor:
        try:
            cursor.execute(query)
            return cursor.fetch_arrow_table()
        except Error as error:
            raise UserError(
                f"the warehouse does not answer as expected: {one_line(error)}; "
                "run `dbt build` to bring its tables up to date"
            ) from error
