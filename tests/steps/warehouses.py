"""Warehouses as the steps find them, and the steps as a user runs them."""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from steps.lift.compute import RESULTS
from steps.parameters import PushParameters
from tests.conftest import REPOSITORY
from tests.helpers.commands import run_module
from tests.steps.lift.counts import PARAMETERS, Recipient, count_tables
from tests.steps.lift.people import CELLS
from tests.steps.lift.sensitivity import daily_table
from warehouse.connection import connect, is_spark
from warehouse.tables import append_rows, create_table

Row = dict[str, Any]

TYPES = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
}
HOLDOUTS = pa.schema({"campaign_key": pa.string(), "planned_share": pa.float64()})
STALE_RESULT = {"campaign_key": "gone", "metric": "sessions"}


def write_tables(url: str, tables: dict[str, pa.Table]) -> None:
    """Create tables, named with their schema; on Spark alone in their schemas."""
    if is_spark(url):
        _write_on_spark(url, tables)
        return
    with connect(url) as connection, connection.cursor() as cursor:
        for schema in sorted({name.split(".")[0] for name in tables}):
            cursor.execute(f"create schema if not exists {schema}")
        for name, table in tables.items():
            schema, table_name = name.split(".")
            cursor.adbc_ingest(table_name, table, "create", db_schema_name=schema)
        connection.commit()


def _write_on_spark(url: str, tables: dict[str, pa.Table]) -> None:
    named = {kind: name for name, kind in TYPES.items()}
    with connect(url) as connection, connection.cursor() as cursor:
        for schema in {name.split(".")[0] for name in tables}:
            cursor.execute(f"drop schema if exists {schema} cascade")
        for name, table in tables.items():
            # whoever brings only nulls means text
            columns = {one.name: named.get(one.type, "text") for one in table.schema}
            create_table(connection, name, columns)
            types = pa.schema({one: TYPES[kind] for one, kind in columns.items()})
            schema, table_name = name.split(".")
            append_rows(cursor, table_name, table.cast(types), schema)


def declared_types(model: str) -> dict[str, pa.DataType]:
    """Return the type of each column that the model declares."""
    (path,) = (REPOSITORY / "models").rglob(f"{model}.yml")
    (declared,) = yaml.safe_load(path.read_text())["models"]
    return {
        column["name"]: TYPES[column["data_type"]] for column in declared["columns"]
    }


def mart_table(model: str, rows: Iterable[Row] = ()) -> pa.Table:
    """Return rows with the columns that the model declares; others are null."""
    types = declared_types(model)
    unknown = {name for row in rows for name in row} - types.keys()
    assert not unknown, f"{model} has no column {unknown}"
    return pa.Table.from_pylist([*rows], pa.schema(types))


def parameter_table(parameters: PushParameters = PARAMETERS) -> pa.Table:
    """Return the seed push_parameters."""
    return pa.Table.from_pylist([asdict(parameters)])


def write_counts(
    url: str,
    campaigns: dict[tuple[str, str], list[Recipient]],
    parameters: PushParameters = PARAMETERS,
    matched: Iterable[pa.Table] = (),
) -> None:
    """Create what `dbt build` leaves for the statistics step, with a stale result.

    Args:
        url: An empty warehouse.
        campaigns: Recipients by campaign and metric.
        parameters: The settings of the method.
        matched: Cells of campaigns and metrics.
    """
    sums, histogram, known = count_tables(campaigns)
    keys = known.select(["campaign_key"])
    named = ["campaign_key", "layer_id", "title", "sent_at", "last_sent_at"]
    write_tables(
        url,
        {
            "seeds.push_parameters": parameter_table(parameters),
            "intermediate.int_push_holdouts": HOLDOUTS.empty_table(),
            "core.dim_campaigns": known.select(named),
            "intermediate.int_push_recipient_counts": keys.append_column(
                "n_incomplete", known["n_incomplete"]
            ),
            "intermediate.int_push_window_sums": sums,
            "intermediate.int_push_window_histogram": histogram,
            "intermediate.int_push_matched_window_sums": sums,
            "intermediate.int_push_matched_cells": pa.concat_tables(
                [CELLS.empty_table(), *matched]
            ),
            "aggregates.agg_push_daily_response": daily_table({}),
            **{f"lift.{name}": mart_table(f"stg_lift__{name}") for name in RESULTS},
            "lift.campaign_lift": mart_table("stg_lift__campaign_lift", [STALE_RESULT]),
        },
    )


def read_rows(url: str, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetch_arrow_table().to_pylist()


def run_report(url: str, directory: Path) -> subprocess.CompletedProcess:
    """Report on marts that nobody has published, in a folder."""
    return run_step("steps.report", url, directory, "--unpublished")


def run_step(
    module: str, url: str, directory: Path, *arguments: str
) -> subprocess.CompletedProcess:
    """Run `python -m` in a folder and keep what it prints."""
    environment = os.environ | {"WAREHOUSE_URL": url}
    return run_module(module, *arguments, folder=directory, environment=environment)
