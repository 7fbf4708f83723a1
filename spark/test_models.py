"""What Spark reads: every model, with nothing loaded, and what each counts by hand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark.cluster import server
from spark.conftest import INTERPRETED, WELL, ended
from tests.integration.conftest import NO_TESTS, Warehouse

# Of these the types alone are no branch that a test of its own would miss.
BRANCHING = "macros/engines/"
TYPES = "macros/engines/types.sql"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WAREHOUSE_URL of a server alone: workers would have nothing to do."""
    folder = tmp_path_factory.mktemp("server")
    with server(folder, "local[2]", INTERPRETED) as address:
        yield address


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


@pytest.fixture(scope="module")
def made(empty: Warehouse) -> dict[str, list[str]]:
    """How all that dbt makes ended, each without a row."""
    return ended(empty, "build", "--empty", *NO_TESTS)


def branched_unit_tests(folder: Path) -> list[str]:
    """Return the unit tests of models whose SQL differs by engine."""
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

    models = manifest["nodes"]
    return [
        test["name"]
        for test in manifest["unit_tests"].values()
        if branches(models[f"model.growth_warehouse.{test['model']}"])
    ]


@pytest.mark.parametrize(
    ("kind", "least"), [("model", 250), ("seed", 30), ("snapshot", 5)]
)
def test_all_of_a_kind_are_made(
    made: dict[str, list[str]], kind: str, least: int
) -> None:
    assert len(made[kind]) >= least
    assert set(made[kind]) <= WELL


def test_unit_tests_of_what_differs_by_engine_pass(
    empty: Warehouse,
    made: dict[str, list[str]],  # noqa: ARG001 - they take their types from it
) -> None:
    names = branched_unit_tests(empty.folder)
    assert len(names) > 50
    tests = ended(empty, "test", "--select", *(f"test_name:{name}" for name in names))
    assert len(tests["unit_test"]) == len(names)
    assert set(tests["unit_test"]) <= WELL
