"""The whole method on one small warehouse after the other.

Data flow: `dbt seed` and `dbt compile`, once -> for every warehouse: core tables ->
the compiled models that the step reads -> steps.lift -> the mart of its results.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from calibration.core_tables import CORE_TABLES
from steps.lift.compute import TABLES, compute_lift
from steps.parameters import PushParameters, read_parameters
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.tables import read, replace_rows

REPOSITORY = Path(__file__).parents[1]
DATABASE = "world"  # as compiled SQL calls it, after its file
MART = "agg_push_campaign_lift"


@dataclass(frozen=True)
class Model:
    """A compiled model.

    Attributes:
        name: Its name.
        relation: The table or view that it makes.
        is_view: Whether that is a view.
        sql: The query.
        parents: The names of the models that it reads.
    """

    name: str
    relation: str
    is_view: bool
    sql: str
    parents: frozenset[str]

    def create(self, connection: Connection) -> None:
        """Create the table or view, unless there is one."""
        kind = "view" if self.is_view else "table"
        with connection.cursor() as cursor:
            cursor.execute(f"create {kind} if not exists {self.relation} as {self.sql}")


@dataclass(frozen=True)
class Method:
    """The compiled method.

    Attributes:
        parameters: The settings of the method.
        template: A warehouse with the seeds and empty schemas.
        inputs: The models that lead to what the step reads, in order.
        outputs: The models that lead from its results to the mart, in order.
    """

    parameters: PushParameters
    template: Path
    inputs: list[Model]
    outputs: list[Model]

    def measure(self, tables: dict[str, pa.Table]) -> pa.Table:
        """Run the method in memory.

        Args:
            tables: All CORE_TABLES, and seeds that replace those of the project.

        Returns:
            The rows of agg_push_campaign_lift.
        """
        with self.new_warehouse(tables) as connection:
            for model in self.inputs:
                model.create(connection)
            self.run_step(connection)
            for model in self.outputs:
                model.create(connection)
            return read(connection, f"from aggregates.{MART}")

    def without_placebo_dates(self) -> "Method":
        """Return the method for users who are alike without a correction by dates."""
        return replace(self, parameters=replace(self.parameters, placebo_weeks=0))

    def create_up_to(self, connection: Connection, name: str) -> None:
        """Create one of the models that the step reads, and all it is made from."""
        needed = {name}
        for model in reversed(self.inputs):
            if model.name in needed:
                needed |= model.parents
        for model in self.inputs:
            if model.name in needed:
                model.create(connection)

    def run_step(self, connection: Connection) -> None:
        """Fill the tables of the schema lift, which are empty so far."""
        results = compute_lift(connection, self.parameters)
        for name, table in results.items():
            replace_rows(connection, "lift", name, table)

    @contextmanager
    def new_warehouse(
        self, tables: dict[str, pa.Table], file: str = ":memory:", threads: int = 1
    ) -> Iterator[Connection]:
        """Open a copy of the template with these tables, in memory or in a file."""
        with connect("duckdb:///:memory:") as connection:
            with connection.cursor() as cursor:
                cursor.execute(f"attach '{self.template}' as template (read_only)")
                cursor.execute(f"attach '{file}' as {DATABASE}")
                cursor.execute(f"copy from database template to {DATABASE}")
                connection.commit()
                cursor.execute("detach template")
                cursor.execute(f"use {DATABASE}")
                cursor.execute(f"set threads = {threads}")
                cursor.execute(
                    "update seeds.push_parameters set placebo_weeks = ?",
                    (self.parameters.placebo_weeks,),
                )
            connection.commit()
            replace_tables(connection, tables)
            yield connection


def replace_tables(connection: Connection, tables: dict[str, pa.Table]) -> None:
    """Create tables, named with their schema, in place of those that there are."""
    with connection.cursor() as cursor:
        for name, table in tables.items():
            schema, table_name = name.split(".")
            cursor.adbc_ingest(table_name, table, "replace", db_schema_name=schema)
    connection.commit()


def worker_processes() -> ProcessPoolExecutor:
    """Return a process per processor, each of which measures a warehouse at a time."""
    # a forked process would inherit threads and open databases
    return ProcessPoolExecutor(os.cpu_count(), get_context("spawn"))


@contextmanager
def compiled_method() -> Iterator[Method]:
    """Compile the method, for as long as the block lasts.

    Raises:
        UserError: dbt does not compile it.
    """
    inputs = [
        name.split(".")[1]
        for name in TABLES
        if name not in CORE_TABLES and not name.startswith(("seeds.", "lift."))
    ]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "profiles.yml").symlink_to(REPOSITORY / "profiles.example.yml")
        _dbt(folder, "seed")
        selected = [f"+{model}" for model in (*inputs, MART)]
        _dbt(folder, "compile", "--select", *selected)
        manifest = json.loads((folder / "target" / "manifest.json").read_text())
        before = _ancestry(manifest["nodes"], inputs)
        after = _ancestry(manifest["nodes"], [MART])
        template = folder / f"{DATABASE}.duckdb"
        with connect(f"duckdb:///{template}") as connection:
            with connection.cursor() as cursor:
                for schema in ("intermediate", "core", "aggregates", "staging"):
                    cursor.execute(f"create schema if not exists {schema}")
            connection.commit()
            parameters = read_parameters(connection)
        yield Method(
            parameters,
            template,
            list(before.values()),
            [model for key, model in after.items() if key not in before],
        )


def _ancestry(nodes: dict[str, dict[str, Any]], names: list[str]) -> dict[str, Model]:
    """Return models by key with all they are made from, up to the core tables."""
    pending = [f"model.growth_warehouse.{name}" for name in names]
    graph: dict[str, list[str]] = {}
    while pending:
        key = pending.pop()
        graph[key] = [
            parent
            for parent in nodes[key]["depends_on"]["nodes"]
            if parent.startswith("model.")
            and f"{nodes[parent]['schema']}.{nodes[parent]['name']}" not in CORE_TABLES
        ]
        pending += [parent for parent in graph[key] if parent not in graph]
    return {
        key: Model(
            nodes[key]["name"],
            nodes[key]["relation_name"],
            nodes[key]["config"]["materialized"] == "view",
            nodes[key]["compiled_code"],
            frozenset(nodes[parent]["name"] for parent in graph[key]),
        )
        for key in TopologicalSorter(graph).static_order()
        # what is ephemeral is part of the SQL of its readers
        if nodes[key]["config"]["materialized"] != "ephemeral"
    }


def _dbt(folder: Path, *command: str) -> None:
    completed = subprocess.run(  # noqa: S603 - the project's own command
        [str(Path(sys.executable).with_name("dbt")), *command, "--quiet"],
        env=os.environ
        | {
            "WAREHOUSE_URL": f"duckdb:///{folder}/{DATABASE}.duckdb",
            "DBT_PROJECT_DIR": str(REPOSITORY),
            "DBT_PROFILES_DIR": str(folder),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode != 0:
        raise UserError(f"dbt does not compile the method: {completed.stdout[-2000:]}")
