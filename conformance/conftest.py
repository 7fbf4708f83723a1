"""What the checks share: a project, loads of it, and ClickHouse with its rows."""

from collections.abc import Iterator

import pytest

from conformance.clickhouse import ClickHouse
from conformance.recording import NOW, Recording, awkward_project, load
from stand_ins.posthog import Store


@pytest.fixture(scope="session")
def store() -> Store:
    return awkward_project()


@pytest.fixture(scope="session")
def recording(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A load from the stand-in."""
    return load(store, tmp_path_factory.mktemp("stand_in"))


@pytest.fixture(scope="session")
def clickhouse(store: Store) -> Iterator[ClickHouse]:
    with ClickHouse(store, NOW) as server:
        yield server
