"""A build of a past moment knows nothing that came later."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.conftest import NO_TESTS, Marts, Warehouse, differences
from tests.integration.moments import NO_QUALITY, as_of
from tests.integration.past_world import PastWorld, past_world

MOMENT = datetime(2026, 10, 10, 15, 30, tzinfo=UTC)
BUILD = ("dbt", "build", "--quiet", *NO_TESTS, *as_of(MOMENT))


def build(warehouse: Warehouse) -> Marts:
    """Load what the sources hold, build the marts of the moment, return them.

    Two of them tell of the loads, by the loader's own clock.
    """
    warehouse.run("python", "-m", "loaders")
    warehouse.run(*BUILD, "--exclude", *NO_QUALITY)
    names = warehouse.rows(
        "select table_schema || '.' || table_name as mart "
        "from information_schema.tables "
        "where table_schema in ('core', 'aggregates', 'ai') "
        "and table_name not in ('dim_source_systems', 'fct_metric_samples')"
    )
    return warehouse.contents(row["mart"] for row in names)


@pytest.fixture
def past(sources: dict[str, str], world: Path) -> Iterator[PastWorld]:
    """The sources at the moment."""
    with past_world(sources, world / "posthog", MOMENT) as past:
        yield past


def test_later_loads_change_no_mart_of_a_past_moment(
    past: PastWorld, new_warehouse: Callable, tmp_path: Path
) -> None:
    # on one engine, as every mart is the same on both
    warehouse = Warehouse(new_warehouse("duckdb"), tmp_path, past.environment)
    then = build(warehouse)
    past.go_on()
    now = build(warehouse)
    assert len(then) > 20
    assert differences(then, now) == {}
    (newest,) = warehouse.rows(
        "select max(created_at) as person from staging_chemlink.persons"
    )
    assert newest["person"] > MOMENT, "the second load brought something"
