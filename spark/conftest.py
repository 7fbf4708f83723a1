"""What the tests share: one cluster, and sessions of it."""

import json
import os
import time
from collections.abc import Iterator

import pytest

from spark.cluster import cluster
from tests.conftest import new_database, sources, world
from tests.integration.conftest import DBT, Warehouse
from warehouse.connection import connect
from warehouse.spark_connection import SparkConnection

__all__ = ["new_database", "sources", "world"]

BEGAN = pytest.StashKey[float]()
# What building a whole warehouse on Spark came to.
FOUND = pytest.StashKey[dict[str, int]]()
# To compile the expressions of a query is worth it for many rows; of the few that the
# tests have it took a fifth of the server's CPU. `make spark-night` compiles them.
INTERPRETED = {
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}
WELL = {"success", "pass", "warn", "no-op"}
os.environ["TELEMETRY"] = "off"  # commands leave nothing of theirs in the next load


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WAREHOUSE_URL of a cluster of two workers."""
    with cluster(tmp_path_factory.mktemp("cluster"), INTERPRETED) as address:
        yield address


@pytest.fixture
def connection(url: str) -> Iterator[SparkConnection]:
    """An open warehouse."""
    with connect(url) as opened:
        yield opened


def ended(warehouse: Warehouse, *command: str) -> dict[str, list[str]]:
    """Run dbt; return how the nodes of each kind ended."""
    warehouse.run(DBT, *command, "--quiet")
    results = json.loads((warehouse.folder / "target/run_results.json").read_text())
    found: dict[str, list[str]] = {}
    for one in results["results"]:
        kind = one["unique_id"].partition(".")[0]
        found.setdefault(kind, []).append(one["status"])
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Take the time."""
    config.stash[BEGAN] = time.monotonic()
    config.stash[FOUND] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close with what was built and found."""
    parts = [f"{count} {name}" for name, count in config.stash[FOUND].items()]
    parts.append(f"{time.monotonic() - config.stash[BEGAN]:.0f} seconds")
    print(f"Spark: {', '.join(parts)}")  # noqa: T201
