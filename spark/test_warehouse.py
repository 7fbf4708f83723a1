"""A small world on two workers of Spark, beside the same world on DuckDB."""

import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from spark.conftest import SUMMARY
from tests.conftest import execute
from tests.integration.conftest import (
    DBT,
    NO_TESTS,
    Marts,
    Warehouse,
    differences,
)
from warehouse.connection import connect
from warehouse.states import State, read_states

# A sum of doubles depends on their order, and Spark has another each time.
TOLERANCE = 1e-9
BEFORE_LIFT = ("--exclude", "source:lift+", "source:insights+")
AFTER_LIFT = ("--select", "source:lift+", "source:insights+")
# Some of its kind are built before it, others after it.
MODEL = "int_users_summarised"
WELL = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class Built:
    """The same world on both engines.

    Attributes:
        marts: how many were compared.
        differing: rows of those that differ.
        statuses: what became of each load, model and test on Spark.
    """

    duckdb: Warehouse
    spark: Warehouse
    marts: int
    differing: dict[str, list[tuple]]
    statuses: dict[str, str]

    @property
    def counts(self) -> Counter[str]:
        """How many nodes of each kind ended well."""
        return Counter(
            name.partition(".")[0]
            for name, status in self.statuses.items()
            if status in WELL
        )


def plain(marts: Marts) -> Marts:
    """Return marts with their UUIDs as texts, which they are on Spark."""
    return {
        mart: [
            tuple(str(value) if isinstance(value, UUID) else value for value in row)
            for row in rows
        ]
        for mart, rows in marts.items()
    }


def compare(duckdb: Warehouse, spark: Warehouse) -> tuple[int, dict[str, list[tuple]]]:
    """Return how many marts there are, and rows of those that differ."""
    expected = plain(duckdb.contents())
    return len(expected), differences(
        expected, plain(spark.contents(expected)), TOLERANCE
    )


def build(warehouse: Warehouse) -> None:
    """Build all but the tests, as a user would."""
    for selection in (BEFORE_LIFT, AFTER_LIFT):
        warehouse.run(DBT, "build", "--quiet", *NO_TESTS, *selection)
        if selection == BEFORE_LIFT:
            warehouse.run("python", "-m", "steps.lift")


def states(url: str) -> dict[str, State]:
    """Return what has become of each load, model and test."""
    with connect(url) as connection:
        return read_states(connection)


@pytest.fixture(scope="module")
def built(
    url: str,
    sources: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Built:
    """Both, loaded and built: on Spark by a night, with the tests that look at data."""
    began = time.monotonic()
    folder = tmp_path_factory.mktemp("duckdb")
    duckdb = Warehouse(f"duckdb:///{folder}/warehouse.duckdb", folder, sources)
    folder = tmp_path_factory.mktemp("spark")
    lake = {"LAKE_URL": str(folder / "lake")}
    spark = Warehouse(url, folder, sources | lake)
    duckdb.run("python", "-m", "loaders")
    build(duckdb)
    before = states(url)  # of other tests, on the same cluster
    spark.run("python", "-m", "steps.night")
    statuses = {
        name: state.status
        for name, state in states(url).items()
        if state != before.get(name)
    }
    made = Built(duckdb, spark, *compare(duckdb, spark), statuses)
    request.config.stash[SUMMARY] = (
        f"{made.counts['model']} models, {made.counts['test']} tests of dbt, "
        f"{sum(map(len, made.differing.values()))} differing rows in {made.marts} "
        f"tables, {time.monotonic() - began:.0f} seconds"
    )
    return made


def test_every_mart_is_that_of_duckdb(built: Built) -> None:
    assert built.marts > 100
    assert built.differing == {}


def test_a_whole_night_ends_well(built: Built) -> None:
    counts = built.counts
    assert counts["model"] > 250
    assert counts["test"] > 1000
    assert counts.total() == len(built.statuses)


def test_what_is_exported_is_that_of_duckdb(built: Built) -> None:
    built.duckdb.run("python", "-m", "steps.export", "--unpublished")
    exported = []
    for warehouse in (built.duckdb, built.spark):
        folder = warehouse.folder / "exports"
        files = {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert files
        exported.append(files)
    assert exported[0] == exported[1]


def test_a_night_after_that_is_killed_once(built: Built) -> None:
    """It brings new versions of people; of other tables no file is written."""
    duckdb, spark = built.duckdb, built.spark
    lake = Path(spark.environment["LAKE_URL"])
    before = {path for path in lake.rglob("*.parquet") if "persons" not in str(path)}
    execute(
        spark.environment["CHEMLINK_DATABASE_URL"],
        "update persons set headline_description = 'another', "
        "updated_at = updated_at + interval '1 minute' "
        "where id in (select id from persons order by id limit 9)",
    )
    for warehouse in (duckdb, spark):
        warehouse.run("python", "-m", "loaders", "chemlink")
    assert before <= set(lake.rglob("*.parquet"))
    process = spark.start(DBT, "run", *BEFORE_LIFT)
    for line in process.stdout or ():
        if "OK" in line and MODEL in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    build(duckdb)
    build(spark)
    assert compare(duckdb, spark)[1] == {}
