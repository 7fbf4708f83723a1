"""What a careless loader loses arrives: the fixtures of the stand-in, one by one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from stand_ins.posthog import fixtures, interceptors
from stand_ins.posthog.script import When
from tests.helpers.posthog.expected import is_complete
from tests.helpers.posthog.project import NOW, YESTERDAY, Project, running_project
from tests.helpers.posthog.warehouse import Warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def project() -> Iterator[Project]:
    """An empty project with pages of 100 rows."""
    with running_project() as running:
        yield running


def load(project: Project, warehouse: Warehouse) -> int:
    """Load, see that all is there and nothing is twice; return how many rows are."""
    warehouse.land(project)
    assert is_complete(project, warehouse)
    return len(warehouse.rows())


def add(project: Project, rows: pa.Table) -> None:
    project.store.add("stored_events", rows)


def test_500_events_of_one_microsecond(project: Project, warehouse: Warehouse) -> None:
    add(project, fixtures.on_one_microsecond(YESTERDAY))
    assert load(project, warehouse) == 500


def test_an_event_of_one_person_beyond_a_page(warehouse: Warehouse) -> None:
    with running_project(page_cap=50_000) as project:
        add(project, fixtures.beyond_a_page(YESTERDAY))
        assert load(project, warehouse) == 50_001


def test_late_events(project: Project, warehouse: Warehouse) -> None:
    project.add(10)
    assert load(project, warehouse) == 10
    project.clock.sleep(3600)
    add(project, fixtures.late(NOW))
    assert load(project, warehouse) == 14


@pytest.mark.parametrize("delay", [HOUR / 60, 3 * HOUR, 6 * DAY, 40 * DAY])
def test_an_event_that_is_visible_late(
    delay: timedelta, project: Project, warehouse: Warehouse
) -> None:
    add(project, fixtures.visible_late(NOW, delay))
    project.clock.sleep(3600)
    seen_at_once = int(delay < HOUR)
    assert load(project, warehouse) == seen_at_once
    project.clock.sleep((delay + DAY).total_seconds())
    assert load(project, warehouse) == 1


def test_a_uuid_that_is_sent_again(project: Project, warehouse: Warehouse) -> None:
    rows = fixtures.sent_again(YESTERDAY)
    project.clock.sleep(-2 * DAY.total_seconds())
    for number in range(rows.num_rows):
        add(project, rows.slice(number, 1))
        project.clock.sleep(DAY.total_seconds())
        assert load(project, warehouse) == number + 1
    [(uuid, os)] = warehouse.modelled("cast(event_id as varchar), operating_system")
    assert (uuid, os) == (rows["uuid"][0].as_py(), "iOS")


def test_events_of_wrong_clocks(project: Project, warehouse: Warehouse) -> None:
    add(project, fixtures.at_impossible_times(YESTERDAY))
    years = (1900, 1969, 1970, 1999, 2000, 2026, 2099, 2100, 2150, 2290)
    times = [datetime(year, 1, 1, tzinfo=UTC) for year in years] * 40
    project.add(400, timestamp=times, created_at=YESTERDAY)
    assert load(project, warehouse) == 405
    project.clock.sleep(3600)
    add(project, fixtures.at_impossible_times(NOW))
    assert load(project, warehouse) == 410


def test_awkward_names(project: Project, warehouse: Warehouse) -> None:
    warehouse.names = ("$os", *fixtures.AWKWARD_NAMES)
    add(project, fixtures.with_awkward_names(YESTERDAY))
    project.add(10, event="$os")
    project.add(10, first=10, event="its")
    assert load(project, warehouse) == 10 + len(fixtures.AWKWARD_NAMES)
    warehouse.clear()
    warehouse.names = fixtures.AWKWARD_NAMES[2:4]
    assert load(project, warehouse) == 2


def test_an_empty_project(project: Project, warehouse: Warehouse) -> None:
    assert load(project, warehouse) == 0
    project.clock.sleep(DAY.total_seconds())
    assert load(project, warehouse) == 0
    project.add(1, created_at=NOW + DAY)
    project.clock.sleep(3600)
    assert load(project, warehouse) == 1


def test_a_row_between_plan_and_fetch(project: Project, warehouse: Warehouse) -> None:
    project.add(30)
    far = datetime(1999, 1, 1, tzinfo=UTC)
    comes = interceptors.after(lambda: project.add(1, first=30, timestamp=far))
    project.stand_in.faults.intercept(comes, When(containing="group by day"))
    assert load(project, warehouse) == 31
    columns = "expected_rows, loaded_rows, attempts"
    assert warehouse.slices(columns, "mode = 'query'") == [(31, 31, 1)]
