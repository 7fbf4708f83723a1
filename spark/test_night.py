"""A whole night on Spark, with every test that looks at data."""

from collections import Counter
from pathlib import Path

import pytest

from spark.conftest import FOUND, WELL
from tests.integration.conftest import Warehouse
from warehouse.connection import connect
from warehouse.states import State, read_states


def states(url: str) -> dict[str, State]:
    """Return what has become of each load, model and test."""
    with connect(url) as connection:
        return read_states(connection)


def test_a_whole_night_ends_well(
    url: str,
    sources: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    before = states(url)  # of other tests, on the same cluster
    warehouse = Warehouse(url, tmp_path, sources | {"LAKE_URL": str(tmp_path / "lake")})
    warehouse.run("python", "-m", "steps.night")
    after = states(url).items()
    ran = {name: one.status for name, one in after if one != before.get(name)}
    assert set(ran.values()) <= WELL
    counts = Counter(name.partition(".")[0] for name in ran)
    assert counts["model"] > 250
    assert counts["test"] > 1000
    request.config.stash[FOUND] |= {
        "models": counts["model"],
        "tests of dbt": counts["test"],
    }
