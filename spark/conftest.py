"""What the tests share: one cluster, and sessions of it."""

import os
from collections.abc import Iterator

import pytest

from spark.cluster import cluster
from tests.conftest import new_database, sources, world
from warehouse.connection import connect
from warehouse.spark_connection import SparkConnection

__all__ = ["new_database", "sources", "world"]

# What building a whole warehouse on Spark came to.
SUMMARY = pytest.StashKey[str]()
os.environ["TELEMETRY"] = "off"  # commands leave nothing of theirs in the next load


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WAREHOUSE_URL of a cluster of two workers."""
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.fixture
def connection(url: str) -> Iterator[SparkConnection]:
    """An open warehouse."""
    with connect(url) as opened:
        yield opened


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close with what was built."""
    if summary := config.stash.get(SUMMARY, ""):
        print(f"Spark: {summary}")  # noqa: T201
