"""A whole night on Spark, with every test that looks at data."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark.cluster import cluster
from spark.conftest import FOUND, WELL
from tests.integration.conftest import Warehouse
from warehouse.connection import connect
from warehouse.states import read_states


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WAREHOUSE_URL of a cluster of two workers as `make spark-cluster` runs."""
    with cluster(tmp_path_factory.mktemp("night")) as address:
        yield address


def test_a_whole_night_ends_well(
    url: str,
    sources: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    warehouse = Warehouse(url, tmp_path, sources | {"LAKE_URL": str(tmp_path / "lake")})
    warehouse.run("python", "-m", "steps.night")
    with connect(url) as connection:
        ran = read_states(connection)
    assert {state.status for state in ran.values()} <= WELL
    counts = Counter(name.partition(".")[0] for name in ran)
    assert counts["model"] > 250
    assert counts["test"] > 1000
    request.config.stash[FOUND] |= {
        "models": counts["model"],
        "tests of dbt": counts["test"],
    }
