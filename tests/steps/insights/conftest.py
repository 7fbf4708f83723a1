from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stand_ins.llm import StandIn
from steps.insights import client
from tests.steps.insights.insights_warehouse import (
    InsightsWarehouse,
    fill_source,
    write_warehouse,
)


@pytest.fixture(scope="session")
def filled_source(new_database: Callable) -> str:
    """The URL of a database with texts, which no test changes."""
    url = new_database()
    fill_source(url)
    return url


@pytest.fixture(params=["duckdb"])
def insights(
    request: pytest.FixtureRequest,
    working_directory: Path,
    new_warehouse: Callable,
    filled_source: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[InsightsWarehouse]:
    """Three chosen days with texts, and a stand-in that answers at once."""
    url = new_warehouse(request.param)
    write_warehouse(url)
    monkeypatch.setattr(client, "RETRIES", 0)
    with StandIn() as stand_in:
        yield InsightsWarehouse(url, filled_source, stand_in, monkeypatch, capsys)


@pytest.fixture
def own_source(new_database: Callable) -> str:
    """The URL of a database with texts that a test may change."""
    url = new_database()
    fill_source(url)
    return url
