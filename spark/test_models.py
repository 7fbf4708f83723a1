"""What Spark reads: every model, with nothing loaded, and what each counts by hand."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import DBT, NO_TESTS, Warehouse

# Of these the types alone are no branch that a test of its own would miss.
BRANCHING = "macros/engines/"
TYPES = "macros/engines/types.sql"
WELL = {"success", "pass"}


@pytest.fixture(scope="module")
def empty(url: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse whose only source has no file."""
    folder = tmp_path_factory.mktemp("empty")
    nothing = folder / "nothing"
    nothing.mkdir()
    given = {"LAKE_URL": str(folder / "lake"), "TELEMETRY_DIR": str(nothing)}
    warehouse = Warehouse(url, folder, given)
    warehouse.run("python", "-m", "loaders")
    return warehouse


def ended(warehouse: Warehouse, *command: str) -> dict[str, list[str]]:
    """Run dbt; return how the nodes of each kind ended."""
    warehouse.run(DBT, *command, "--quiet")
    results = json.loads((warehouse.folder / "target/run_results.json").read_text())
    found: dict[str, list[str]] = {}
    for one in results["results"]:
        kind = one["unique_id"].partition(".")[0]
        found.setdefault(kind, []).append(one["status"])
    return found


@pytest.fixture(scope="module")
def made(empty: Warehouse) -> dict[str, list[str]]:
    """How all that dbt makes ended, each without a row."""
    return ended(empty, "build", "--empty", *NO_TESTS)


def branched_unit_tests(folder: Path) -> tuple[list[str], list[str]]:
    """Return the unit tests of models whose SQL differs by engine, and the others."""
    manifest = json.loads((folder / "target/manifest.json").read_text())
    macros = {
        name: macro
        for name, macro in manifest["macros"].items()
        if macro["package_name"] == "growth_warehouse"
    }
    branching = {
        name
        for name, macro in macros.items()
        if macro["original_file_path"].startswith(BRANCHING)
        and macro["original_file_path"] != TYPES
    }

    def branches(node: dict) -> bool:
        called = node["depends_on"]["macros"]
        return any(
            name in branching or branches(macros[name])
            for name in called
            if name in macros
        )

    chosen: tuple[list[str], list[str]] = ([], [])
    for test in manifest["unit_tests"].values():
        model = manifest["nodes"][f"model.growth_warehouse.{test['model']}"]
        chosen[not branches(model)].append(test["name"])
    return chosen


@pytest.mark.parametrize(
    ("kind", "least"), [("model", 250), ("seed", 30), ("snapshot", 5)]
)
def test_all_of_a_kind_are_made(
    made: dict[str, list[str]], kind: str, least: int
) -> None:
    assert len(made[kind]) >= least
    assert set(made[kind]) <= WELL


@pytest.mark.parametrize(
    "is_branched", [True, pytest.param(False, marks=pytest.mark.slow)]
)
def test_unit_tests_pass(
    empty: Warehouse,
    made: dict[str, list[str]],  # noqa: ARG001 - they take their types from it
    is_branched: bool,
) -> None:
    """Those of models whose SQL differs by engine, then the others."""
    names = branched_unit_tests(empty.folder)[not is_branched]
    assert len(names) > 50
    tests = ended(empty, "test", "--select", *(f"test_name:{name}" for name in names))
    assert len(tests["unit_test"]) == len(names)
    assert set(tests["unit_test"]) <= WELL
