"""What Spark reads: every model, with nothing loaded, and what each counts by hand."""

import json

import pytest

from tests.integration.conftest import DBT, NO_TESTS, Warehouse

UNIT_TESTS = ("--select", "test_type:unit")


@pytest.fixture(scope="module")
def statuses(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each node of dbt where the only source has no file."""
    folder = tmp_path_factory.mktemp("empty")
    nothing = folder / "nothing"
    nothing.mkdir()
    given = {"LAKE_URL": str(folder / "lake"), "TELEMETRY_DIR": str(nothing)}
    warehouse = Warehouse(url, folder, given)
    warehouse.run("python", "-m", "loaders")
    ended = {}
    for command in (("build", "--empty", *NO_TESTS), ("test", *UNIT_TESTS)):
        warehouse.run(DBT, *command, "--quiet")
        results = json.loads((folder / "target" / "run_results.json").read_text())
        ended |= {one["unique_id"]: one["status"] for one in results["results"]}
    return ended


@pytest.mark.parametrize(
    ("kind", "least"),
    [("model", 250), ("unit_test", 200), ("seed", 30), ("snapshot", 5)],
)
def test_all_of_a_kind_end_well(
    statuses: dict[str, str], kind: str, least: int
) -> None:
    ended = [status for name, status in statuses.items() if name.startswith(f"{kind}.")]
    assert len(ended) >= least
    assert set(ended) <= {"success", "pass"}
