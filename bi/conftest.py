"""The demo world, published from both engines, and a Superset to show it."""

from collections.abc import Iterator

import pytest

from bi.server import Superset, running
from tests.conftest import ENGINES, new_database, sources, world
from tests.integration.conftest import Warehouse, warehouses

__all__ = ["new_database", "sources", "warehouses", "world"]


@pytest.fixture(scope="session")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    with running(tmp_path_factory.mktemp("superset")) as server:
        yield server


@pytest.fixture(scope="session", params=ENGINES)
def published(
    request: pytest.FixtureRequest, warehouses: dict[str, Warehouse]
) -> Warehouse:
    """The warehouse of an engine, after a publish."""
    warehouse = warehouses[request.param]
    assert "generation 1" in warehouse.run("python", "-m", "steps.publish")
    return warehouse
