"""A small world on two workers of Spark, beside the same world on DuckDB."""

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.conftest import new_database, sources, world
from tests.integration.conftest import DBT, NO_TESTS, Marts, Warehouse, differences

__all__ = ["new_database", "sources", "world"]

# A sum of doubles depends on their order, and Spark has another each time.
TOLERANCE = 1e-9
BEFORE_LIFT = ("--exclude", "source:lift+", "source:insights+")
AFTER_LIFT = ("--select", "source:lift+", "source:insights+")
# Which of copies came first is told by when a load ran, of which each engine has its own.
A_MODEL_LATE_IN_A_BUILD = "int_push_subjects"


@dataclass
class Built:
    """The same world on both engines, and what building it took."""

    duckdb: Warehouse
    spark: Warehouse
    expected: Marts
    statuses: dict[str, str]
    seconds: float = field(default=0)

    def count(self, kind: str) -> int:
        """Return how many nodes of a kind dbt ran."""
        return sum(name.startswith(f"{kind}.") for name in self.statuses)

    def differing(self) -> dict[str, list[tuple]]:
        """Return the rows that differ from DuckDB's, of each mart that does."""
        found = plain(self.spark.contents(self.expected))
        return differences(plain(self.expected), found, TOLERANCE)


def plain(marts: Marts) -> Marts:
    """Return marts with their UUIDs as texts, which they are on Spark."""
    return {
        mart: [
            tuple(str(value) if isinstance(value, UUID) else value for value in row)
            for row in rows
        ]
        for mart, rows in marts.items()
    }


def build(warehouse: Warehouse, *options: str) -> dict[str, str]:
    """Build all as a user would; return what became of each node."""
    statuses = {}
    warehouse.run("python", "-m", "loaders")
    for selection in (BEFORE_LIFT, AFTER_LIFT):
        warehouse.run(DBT, "build", "--quiet", *options, *selection)
        results = warehouse.folder / "target" / "run_results.json"
        for result in json.loads(results.read_text())["results"]:
            statuses[result["unique_id"]] = result["status"]
        if selection == BEFORE_LIFT:
            warehouse.run("python", "-m", "steps.lift")
    return statuses


@pytest.fixture(scope="module")
def built(
    url: str,
    sources: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Built]:
    began = time.monotonic()
    folder = tmp_path_factory.mktemp("duckdb")
    duckdb = Warehouse(f"duckdb:///{folder}/warehouse.duckdb", folder, sources)
    build(duckdb, *NO_TESTS)
    folder = tmp_path_factory.mktemp("spark")
    lake = {"LAKE_URL": str(folder / "lake")}
    spark = Warehouse(url, folder, sources | lake)
    statuses = build(spark)
    made = Built(duckdb, spark, duckdb.contents(), statuses)
    made.seconds = time.monotonic() - began
    yield made


def test_every_mart_is_that_of_duckdb(built: Built) -> None:
    assert len(built.expected) > 100
    assert built.differing() == {}


def test_all_models_and_tests_of_dbt_pass(built: Built) -> None:
    assert built.count("model") > 200
    assert built.count("test") > 1000
    assert built.count("unit_test") > 200
    well = {"success", "pass", "warn"}
    assert {name for name, status in built.statuses.items() if status not in well} == set()


def test_an_export_is_that_of_duckdb(built: Built) -> None:
    files = {}
    for engine in (built.duckdb, built.spark):
        engine.run("python", "-m", "steps.publish")
        engine.run("python", "-m", "steps.export")
        exports = engine.folder / "exports"
        files[engine.url[:2]] = {
            path.relative_to(exports): path.read_bytes()
            for path in exports.rglob("*.csv.gz")
        }
    first, second = files.values()
    assert first
    assert first == second


def test_a_killed_build_is_mended_by_the_next(built: Built) -> None:
    process = built.spark.start(DBT, "run", *BEFORE_LIFT)
    for line in process.stdout or ():
        if A_MODEL_LATE_IN_A_BUILD in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    built.spark.run(DBT, "run", "--quiet", *BEFORE_LIFT)
    assert built.differing() == {}
