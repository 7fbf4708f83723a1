"""The only place that knows the destination: dlt lands Arrow tables in the warehouse.

Tables are merged on their key and never appended to, so a load that was killed is
repaired by the next one. dlt keeps no state that matters: its working directory is
emptied before every load, and where to go on is read from what has landed.
"""

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

import dlt
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection
from dlt.common.configuration import configspec
from dlt.common.destination import Destination
from dlt.common.destination.typing import PreparedTableSchema
from dlt.common.schema.typing import TColumnSchema, TTableSchemaColumns
from dlt.common.typing import TSecretStrValue
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.destinations.impl.duckdb.factory import DuckDbTypeMapper
from dlt.destinations.impl.postgres.configuration import (
    PostgresClientConfiguration,
    PostgresCredentials,
)
from dlt.destinations.impl.postgres.factory import PostgresTypeMapper
from dlt.extract import DltResource
from psycopg2.extensions import make_dsn

from loaders.contract import Table
from warehouse.connection import duckdb_path, is_duckdb, postgres_parts
from warehouse.memory import memory_limit
from warehouse.tables import denial_explained, existing_tables

WORKING_DIRECTORY = Path("data/dlt")
ROWS_PER_FILE = 250_000
UUID_HINT = "x-uuid"
DLT_TYPES = {
    "identifier": "text",
    "uuid": "binary",
    "text": "text",
    "bigint": "bigint",
    "numeric": "decimal",
    "double": "double",
    "boolean": "bool",
    "timestamp": "timestamp",
    "deletion": "timestamp",
}


class UuidType:
    """The type that dlt's type mappers lack: UUID, 16 bytes in Arrow."""

    def to_destination_type(
        self, column: TColumnSchema, table: PreparedTableSchema
    ) -> str:
        """Return the SQL type of a column."""
        if column.get(UUID_HINT):
            return "uuid"
        return super().to_destination_type(column, table)


class DuckDbTypes(UuidType, DuckDbTypeMapper):
    """dlt's types for DuckDB, and UUID."""


class PostgresTypes(UuidType, PostgresTypeMapper):
    """dlt's types for Postgres, and UUID."""


@configspec(init=False)
class UrlCredentials(PostgresCredentials):
    """What libpq reads; dlt's own loses spaces and directories of sockets."""

    url: TSecretStrValue = None

    def to_native_representation(self) -> str:
        """Return what libpq reads."""
        return self.url


@configspec
class UrlConfiguration(PostgresClientConfiguration):
    """dlt's configuration of Postgres, with these credentials."""

    credentials: UrlCredentials = None


class Postgres(dlt.destinations.postgres):
    """dlt's destination, with this configuration."""

    spec = UrlConfiguration


def destination(url: str) -> Destination:
    """Return the dlt destination of a warehouse URL.

    Raises:
        UserError: the URL is none that dbt and dlt read alike.
    """
    if is_duckdb(url):
        credentials = DuckDbCredentials(
            str(duckdb_path(url)), global_config={"memory_limit": memory_limit()}
        )
        return dlt.destinations.duckdb(credentials, type_mapper=DuckDbTypes)
    parts = postgres_parts(url)
    credentials = UrlCredentials()
    credentials.url = make_dsn(**parts)
    credentials.host, credentials.database = parts["host"], parts["dbname"]
    credentials.username = parts["user"]
    credentials.password = parts.get("password", "")  # without one, dlt gives up
    return Postgres(credentials, type_mapper=PostgresTypes)


def column_hints(table: Table) -> TTableSchemaColumns:
    """Return the landed columns of a table as dlt describes columns."""
    return {
        name: {
            "name": name,
            "data_type": DLT_TYPES[type_name],
            "nullable": name not in table.key,
            **({UUID_HINT: True} if type_name == "uuid" else {}),
        }
        for name, type_name in table.landed.items()
    }


def resource(table: Table, rows: Iterable[pa.Table]) -> DltResource:
    """Return what dlt lands: merged on the key, as rows may come twice."""
    return dlt.resource(
        rows,
        name=table.name,
        primary_key=list(table.key),
        write_disposition="merge",
        columns=column_hints(table),
    )


def source_pipeline(source: str, warehouse_url: str) -> dlt.Pipeline:
    """Return the pipeline of a source, without anything a killed load left behind."""
    dlt.config["runtime.dlthub_telemetry"] = False
    # What fails is told once, at the end, and in words of ours.
    logging.getLogger("dlt").disabled = True
    dlt.config["data_writer.file_max_items"] = ROWS_PER_FILE
    # A snapshot is one connection, and that can read one table at a time.
    dlt.config["extract.next_item_mode"] = "fifo"
    dlt.config["load.truncate_staging_dataset"] = True
    shutil.rmtree(WORKING_DIRECTORY, ignore_errors=True)
    return dlt.pipeline(
        pipeline_name=source,
        destination=destination(warehouse_url),
        dataset_name=f"staging_{source}",
        pipelines_dir=str(WORKING_DIRECTORY),
    )


def clear_workbench(connection: Connection, source: str) -> None:
    """Empty the tables that dlt merges from: a load that was cut off left rows there.

    Raises:
        UserError: the role has no right to.
    """
    workbench = f"staging_{source}_staging"
    with (
        denial_explained(connection, f"empty the schema {workbench}"),
        connection.cursor() as cursor,
    ):
        for place in sorted(existing_tables(connection)):
            schema, _, name = place.partition(".")
            if schema == workbench and not name.startswith("_dlt"):
                cursor.execute(f'select 1 from {schema}."{name}" limit 1')
                if cursor.fetchone():
                    cursor.execute(f'truncate table {schema}."{name}"')
    connection.commit()


def create_tables(source: str, tables: list[Table], warehouse_url: str) -> None:
    """Create declared tables, or their missing columns, without any row."""
    pipeline = source_pipeline(source, warehouse_url)
    pipeline.extract(
        [resource(table, [table.arrow_schema.empty_table()]) for table in tables],
        loader_file_format="parquet",
    )
    pipeline.normalize()
    pipeline.sync_schema()
    pipeline.abort_packages()


def land(
    source: str, rows_of_tables: dict[Table, Iterable[pa.Table]], warehouse_url: str
) -> None:
    """Merge the rows of each table into the staging schema of their source.

    Raises:
        dlt.pipeline.exceptions.PipelineStepFailed: nothing, or whole tables, landed.
    """
    pipeline = source_pipeline(source, warehouse_url)
    pipeline.run(
        [resource(table, rows) for table, rows in rows_of_tables.items()],
        loader_file_format="parquet",
    )
