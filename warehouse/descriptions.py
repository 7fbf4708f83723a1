"""What tables and their columns mean, as dbt's descriptions are kept beside them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby

from adbc_driver_manager.dbapi import Connection

from warehouse.dialect import SPARK, dialect_of
from warehouse.tables import existing_tables, read

# DuckDB and Postgres have these catalogues; what only a session has is left out.
COLUMNS = """
    select
        pg_namespace.nspname as schema_name,
        pg_class.relname as table_name,
        table_text.description as table_description,
        pg_attribute.attname as column_name,
        format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as data_type,
        column_text.description as column_description
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
    inner join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
    left join pg_catalog.pg_description as table_text
        on table_text.objoid = pg_class.oid and table_text.objsubid = 0
    left join pg_catalog.pg_description as column_text
        on column_text.objoid = pg_class.oid
        and column_text.objsubid = pg_attribute.attnum
    where
        pg_class.relkind in ('r', 'p', 'v', 'm', 'f')
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_namespace.nspname not in ('information_schema', 'pg_catalog')
    order by pg_namespace.nspname, pg_class.relname, pg_attribute.attnum
"""
# the names that dbt's files have for what an engine calls otherwise
TYPES = {
    "bool": "boolean",
    "character varying": "text",
    "float8": "double precision",
    "int4": "integer",
    "int8": "bigint",
    "timestamp with time zone": "timestamptz",
    "varchar": "text",
}
SPARK_TYPES = {name: word for word, name in SPARK.type_names.items()}
# of what Spark tells of a table, a line for each
COMMENT = re.compile(r"^Comment: (.*?)^\w[\w ]*: ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Column:
    """A column, its type, and what it means, as far as that is known."""

    name: str
    data_type: str
    meaning: str


@dataclass(frozen=True)
class DescribedTable:
    """A table or view, and what its rows are, as far as that is known.

    Attributes:
        read_columns: Returns its columns, while its database is open.
    """

    schema: str
    name: str
    meaning: str
    read_columns: Callable[[], list[Column]]

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, of which Spark tells of one table at a time only."""
        return self.read_columns()

    @property
    def place(self) -> str:
        """Its name with its schema."""
        return f"{self.schema}.{self.name}"


def described_tables(connection: Connection) -> list[DescribedTable]:
    """Return all tables and views of a database, by schema and name.

    Raises:
        UserError: its catalogue cannot be read.
    """
    if dialect_of(connection) is SPARK:
        return list(_on_spark(connection))
    rows = read(connection, COLUMNS).to_pylist()
    return [
        DescribedTable(
            schema,
            name,
            _line(columns[0]["table_description"]),
            partial(_columns, columns),
        )
        for (schema, name), group in groupby(
            rows, lambda row: (row["schema_name"], row["table_name"])
        )
        for columns in [list(group)]
    ]


def _columns(rows: list[dict[str, str]]) -> list[Column]:
    return [
        Column(
            row["column_name"],
            TYPES.get(row["data_type"], row["data_type"]),
            _line(row["column_description"]),
        )
        for row in rows
    ]


def _on_spark(connection: Connection) -> Iterator[DescribedTable]:
    places = (place.split(".") for place in existing_tables(connection) if "." in place)
    for schema in sorted({schema for schema, _ in places}):
        query = f"show table extended in {schema} like '*'"
        rows = read(connection, query).to_pylist()
        for row in sorted(rows, key=lambda row: row["tableName"]):
            if row["isTemporary"]:
                continue
            name, comment = row["tableName"], COMMENT.search(row["information"])
            yield DescribedTable(
                schema,
                name,
                _line(comment and comment[1]),
                partial(_columns_on_spark, connection, f"{schema}.{name}"),
            )


def _columns_on_spark(connection: Connection, place: str) -> list[Column]:
    return [
        Column(
            row["col_name"],
            SPARK_TYPES.get(row["data_type"], row["data_type"]),
            _line(row["comment"]),
        )
        for row in read(connection, f"describe table {place}").to_pylist()
    ]


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
