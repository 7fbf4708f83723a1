"""One demo world, loaded and built on both engines as a user would."""

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pytest
from opentelemetry.sdk.metrics.export import AggregationTemporality

from loaders.lake_table import DAY_VERSION
from steps.lift.compute import TABLES
from tests.conftest import ENGINES, REPOSITORY
from tests.helpers.commands import run_module
from tests.helpers.dbt import parsed_project, run_dbt
from tests.helpers.instrumented_app import run_app
from warehouse.connection import connect

# What is told of the runs themselves, whose times are no others'.
OF_RUNS = {
    "fct_metric_samples",
    *(path.stem for path in (REPOSITORY / "models").glob("*/telemetry/*.sql")),
}
PYTHON = Path(sys.executable)
DBT = str(PYTHON.with_name("dbt"))
# The tests of dbt take as long as all models, and pass in the shared warehouses.
NO_TESTS = ("--exclude-resource-type", "test", "unit_test")
# They bring their own rows, and pass on DuckDB in a warehouse that has none.
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
Marts = dict[str, list[tuple]]


def run_process(
    *command: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Warehouse:
    """A warehouse and the folder its commands run in.

    Attributes:
        environment: the variables of the demo's servers, as if they were real sources.
    """

    url: str
    folder: Path
    environment: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its commands."""
        return {
            "PATH": f"{PYTHON.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            # relative, or dbt itself would parse the project anew for every copy
            "WAREHOUSE_URL": self.url.replace(f"{self.folder}/", ""),
            "PII_HASH_KEY": "a key for all tests",
            "TELEMETRY": "off",
            "DBT_PROJECT_DIR": str(REPOSITORY),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_PROFILES_DIR": str(self.folder),
            **self.environment,
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own; its `stdout` has all it prints."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command that is to end with a code; return what it printed."""
        environment = self.environ
        match command:
            case ("python", "-m", module, *arguments):
                run = partial(run_module, module, *arguments)
            case ("dbt", *arguments):
                # what it writes about the project is that of the first command
                is_new = not (self.folder / "target" / "manifest.json").exists()
                environment["DBT_WRITE_JSON"] = str(is_new)
                run = partial(run_dbt, *arguments)
            case _:
                run = partial(run_process, *command)
        completed = run(folder=self.folder, environment=environment)
        output = completed.stdout + completed.stderr
        assert completed.returncode == code, output[-5000:]
        return output

    def build(self, *options: str) -> None:
        """Load, build with options of dbt, run the statistics, write the report."""
        self.run("python", "-m", "loaders")
        self.run("dbt", "build", "--quiet", *options, "--exclude", "source:lift+")
        self.run("python", "-m", "steps.lift")
        self.run("dbt", "build", "--quiet", *options, "--select", "source:lift+")
        self.run("python", "-m", "steps.report", "--unpublished")

    def copy(self, folder: Path, new_database: Callable) -> "Warehouse":
        """Return a warehouse of one's own, equal to this one."""
        (folder / "target").mkdir()
        for name in ("profiles.yml", "target/manifest.json"):
            shutil.copy(self.folder / name, folder / name)
        shutil.copy(parsed_project(self.url), folder / "target")
        if self.url.startswith("duckdb"):
            shutil.copy(self.folder / "warehouse.duckdb", folder)
            url = f"duckdb:///{folder}/warehouse.duckdb"
        else:
            name = self.url.partition("?")[0].rpartition("/")[2]
            url = new_database(template=name)
        return replace(self, url=url, folder=folder)

    def execute(self, *statements: str) -> None:
        """Change what is in it."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def table(self, sql: str) -> pa.Table:
        """Return the rows of a query."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetch_arrow_table()

    def tables(self, names: Iterable[str]) -> Iterator[tuple[str, pa.Table]]:
        """Yield tables by one connection: opening a file of DuckDB takes a while."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"select * from {name}")
                yield name, cursor.fetch_arrow_table()

    def contents(self, names: Iterable[str] = ()) -> Marts:
        """Return the rows of marts, of all by default, in an order of our own."""

        def rows(table: pa.Table) -> list[tuple]:
            columns = (
                table[name].to_pylist()
                for name in table.column_names
                if name != DAY_VERSION  # in which partition Spark has it
            )
            values = zip(*columns, strict=True)
            return sorted(values, key=lambda row: [str(value) for value in row])

        return {mart: rows(table) for mart, table in self.tables(names or self.marts())}

    def rows(self, sql: str) -> list[dict]:
        """Return the rows of a query as dictionaries."""
        return self.table(sql).to_pylist()

    def marts(self) -> list[str]:
        """Return the names of all tables that stay, with their schema.

        The working tables int_push_* hold only the campaigns that are computed anew,
        except what the step reads. Nor those of the telemetry.
        """
        read_by_step = ", ".join(f"'{name.split('.')[1]}'" for name in TABLES)
        return [
            row["name"]
            for row in self.rows(
                "select table_schema || '.' || table_name as name "
                "from information_schema.tables where table_schema in "
                "('intermediate', 'core', 'aggregates', 'ai', 'lift') "
                "and (table_name not like 'int_push_%' "
                f"or table_name in ({read_by_step})) "
                "order by 1"
            )
            if row["name"].split(".")[1] not in OF_RUNS
        ]


def same(one: object, other: object, tolerance: float = 1e-12) -> bool:
    """Compare values; doubles that SQL computed may differ in the last bits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=tolerance) or (
            math.isnan(one) and math.isnan(other)
        )
    return one == other


def differences(
    one: Marts, other: Marts, tolerance: float = 1e-12
) -> dict[str, list[tuple]]:
    """Return the rows that differ, of each mart that is not the same."""
    found = {}
    alike = partial(same, tolerance=tolerance)
    for mart in one.keys() | other.keys():
        pairs = zip_longest(one.get(mart, ()), other.get(mart, ()), fillvalue=())
        differing = [
            rows
            for rows in pairs
            if len(rows[0]) != len(rows[1]) or not all(map(alike, *rows))
        ]
        if differing or mart not in one or mart not in other:
            found[mart] = differing[:3]
    return found


@pytest.fixture(scope="session")
def warehouses(
    sources: dict[str, str],
    new_database: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Warehouse]:
    """The demo world in a warehouse of each engine, by engine."""
    built = {}
    for engine in ENGINES:
        folder = tmp_path_factory.mktemp(engine)
        url = (
            f"duckdb:///{folder}/warehouse.duckdb"
            if engine == "duckdb"
            else new_database()
        )
        app = folder / "app"
        shutil.copytree(sources["TELEMETRY_DIR"], app)
        run_app(app / "sdk.jsonl", AggregationTemporality.CUMULATIVE)
        recording = {"TELEMETRY": "on", "TELEMETRY_DIR": str(app)}
        built[engine] = Warehouse(url, folder, sources | recording)

    def build(engine: str) -> None:
        built[engine].build(*(NO_UNIT_TESTS if engine == "duckdb" else ()))

    with ThreadPoolExecutor() as executor:
        list(executor.map(build, ENGINES))
    return {
        engine: replace(warehouse, environment=sources)
        for engine, warehouse in built.items()
    }


@pytest.fixture
def copy(
    warehouses: dict[str, Warehouse], new_database: Callable, tmp_path: Path
) -> Callable[[str], Warehouse]:
    """Give a function that returns a copy of the warehouse of an engine."""
    return lambda engine: warehouses[engine].copy(tmp_path, new_database)
