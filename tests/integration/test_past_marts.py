"""A build of a past moment knows nothing that came later."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import NO_TESTS, Warehouse
from tests.integration.moments import NO_QUALITY, as_of
from tests.integration.past_world import PastWorld, past_world
from tests.integration.test_engines import sorted_rows

MOMENT = datetime(2026, 10, 10, 15, 30, tzinfo=UTC)
BUILD = ("dbt", "build", "--quiet", *NO_TESTS, *as_of(MOMENT))
Marts = dict[str, list[tuple]]


def build(warehouse: Warehouse) -> Marts:
    """Load what the sources hold, build the marts of the moment, return them.

    One of them says when the loads were, which is the loader's own clock.
    """
    warehouse.run("python", "-m", "loaders")
    warehouse.run(*BUILD, "--exclude", *NO_QUALITY)
    names = warehouse.rows(
        "select table_schema || '.' || table_name as mart "
        "from information_schema.tables "
        "where table_schema in ('core', 'aggregates', 'ai') "
        "and table_name <> 'dim_source_systems'"
    )
    return {row["mart"]: sorted_rows(warehouse, row["mart"]) for row in names}


def build_both(warehouses: list[Warehouse]) -> list[Marts]:
    """Load and build on both engines at once."""
    with ThreadPoolExecutor() as executor:
        return list(executor.map(build, warehouses))


@pytest.fixture
def past(sources: dict[str, str], world: Path) -> Iterator[PastWorld]:
    """The sources at the moment."""
    with past_world(sources, world / "posthog", MOMENT) as past:
        yield past


def test_later_loads_change_no_mart_of_a_past_moment(
    past: PastWorld, new_database: Callable, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folders = [tmp_path_factory.mktemp(engine) for engine in ENGINES]
    urls = (f"duckdb:///{folders[0]}/warehouse.duckdb", new_database())
    warehouses = [
        Warehouse(url, folder, past.environment)
        for url, folder in zip(urls, folders, strict=True)
    ]
    then = build_both(warehouses)
    past.go_on()
    now = build_both(warehouses)
    for before, after in zip(then, now, strict=True):
        assert len(before) > 20
        assert before.keys() == after.keys()
        changed = [mart for mart, rows in before.items() if after[mart] != rows]
        assert not changed
    for warehouse in warehouses:
        (newest,) = warehouse.rows(
            "select max(created_at) as person from staging_chemlink.persons"
        )
        assert newest["person"] > MOMENT, "the second load brought something"
