from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from steps.erase import __main__ as command
from steps.erase.person import Person
from tests.conftest import ENGINES
from tests.steps.erase.erase_warehouse import EraseWarehouse


@pytest.fixture(scope="session")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], EraseWarehouse]:
    """Give a function that returns the warehouse of an engine, made once."""

    @cache
    def make(engine: str) -> EraseWarehouse:
        folder = tmp_path_factory.mktemp("erase")
        url = f"duckdb:///{folder}/warehouse.duckdb"
        if engine == "postgres":
            url = request.getfixturevalue("new_database")()
        return EraseWarehouse.make(url, folder)

    return make


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)])
def warehouse(
    request: pytest.FixtureRequest, made: Callable, working_directory: Path
) -> EraseWarehouse:
    """A warehouse with people to erase, of each engine."""
    new_database = (
        request.getfixturevalue("new_database") if request.param == "postgres" else None
    )
    return made(request.param).copy(working_directory, new_database)


@pytest.fixture
def erase(
    warehouse: EraseWarehouse, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Give a function that erases; what dbt makes is made by the fixture's SQL."""
    monkeypatch.setattr(command, "rebuild", lambda _: warehouse.build())
    return lambda name: command.erase(warehouse.settings, Person.parse(name), [])
