"""Sweeps find what became visible late, when PostHog's clock says that one is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from loaders.posthog.slices.slice import EXPORT
from tests.helpers.posthog.expected import LAG, is_complete
from tests.helpers.posthog.project import (
    NAMES,
    NOW,
    YESTERDAY,
    Project,
    running_project,
)
from tests.helpers.posthog.warehouse import Warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SWEPT = "mode = 'sweep'"


@pytest.fixture
def project() -> Iterator[Project]:
    """A project with some events of both names on each of ten days."""
    with running_project() as running:
        for day in range(10):
            at = NOW - day * DAY - HOUR
            running.add(4, first=100 * day, timestamp=at, created_at=at)
            at_once = {"event": NAMES[1], "timestamp": at, "created_at": at}
            running.add(2, first=100 * day + 50, **at_once)
        yield running


def land(project: Project, warehouse: Warehouse, hours: float) -> None:
    """Load so many hours after NOW."""
    project.clock.now = NOW + hours * HOUR
    warehouse.land(project)


def midnight_before(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0)


def test_a_sweep_loads_just_the_day_that_lacks(
    project: Project, warehouse: Warehouse
) -> None:
    land(project, warehouse, 0)
    day = midnight_before(NOW - 3 * DAY)
    held_up = {"created_at": day + HOUR, "inserted_at": NOW + HOUR}
    project.add(1, first=5000, event=NAMES[1], timestamp=NOW - 30 * DAY, **held_up)
    land(project, warehouse, 23)
    assert len(warehouse.rows()) == 60
    land(project, warehouse, 24)
    assert len(warehouse.rows()) == 61
    assert is_complete(project, warehouse)
    window = f"loaded_until = '{day + DAY}'"
    assert warehouse.slices("events, loaded_from, loaded_rows", window) == [
        (f'["{NAMES[1]}"]', day, 3)
    ]
    reloaded = f"mode = 'query' and loaded_from < '{NOW - DAY}'"
    assert len(warehouse.slices("slice_id", reloaded)) == 1


@pytest.mark.parametrize("came", [HOUR, 20 * HOUR])
def test_a_sweep_finds_a_copy_of_an_event(
    came: timedelta, project: Project, warehouse: Warehouse
) -> None:
    land(project, warehouse, 0)
    properties = '{"$os": "iOS"}'
    copied = {"first": 200, "timestamp": NOW - 2 * DAY - HOUR, "properties": properties}
    at = midnight_before(NOW - 2 * DAY) + came
    project.add(1, **copied, created_at=at, inserted_at=NOW + HOUR)
    land(project, warehouse, 24)
    assert is_complete(project, warehouse)
    assert len(warehouse.rows()) == 61


def test_sweeps_are_due_each_day_and_each_week(
    project: Project, warehouse: Warehouse
) -> None:
    far_back = []
    for hours in [0, 23, 24, 40, 47, 48, 7 * 24 - 1, 7 * 24, 7 * 24 + 1, 15 * 24]:
        before = warehouse.slices("slice_id", SWEPT)
        land(project, warehouse, hours)
        until = NOW + hours * HOUR - LAG
        is_new = f"{SWEPT} and loaded_until = '{until}'"
        for (start,) in warehouse.slices("loaded_from", is_new):
            far_back.append((hours, (midnight_before(until) - start).days))
        assert len(warehouse.slices("slice_id", SWEPT)) - len(before) <= 1
    assert far_back == [(0, 60), (24, 8), (48, 8), (167, 8), (168, 60), (360, 60)]


def test_what_is_gone_from_posthog_stays(
    project: Project, warehouse: Warehouse
) -> None:
    land(project, warehouse, 0)
    project.store.execute("delete from stored_events where event = $1", (NAMES[1],))
    land(project, warehouse, 24)
    assert len(warehouse.rows()) == 60


def test_rows_that_may_not_land_do_not_fail_every_sweep(
    project: Project, warehouse: Warehouse
) -> None:
    project.add(2, first=5000, distinct_id=" ", created_at=YESTERDAY)
    for hours in (0, 24, 48):
        land(project, warehouse, hours)
        assert len(warehouse.rows()) == 60


def test_what_an_export_leaves_out_is_found_however_old(
    project: Project, warehouse: Warehouse
) -> None:
    """Exports go by the moment an event is stored: here after a midnight, into silence.

    Nothing else was received on the day after it, so no export asks for that day.
    """
    midnight = midnight_before(NOW - 100 * DAY)
    moments = {"timestamp": midnight - HOUR, "created_at": midnight - HOUR}
    project.add(3, first=5000, **moments)
    project.add(1, first=6000, **moments, inserted_at=midnight + HOUR)
    warehouse.mode = EXPORT
    land(project, warehouse, 0)
    assert is_complete(project, warehouse)
    assert len(warehouse.rows()) == 64
    land(project, warehouse, 1)
    assert len(warehouse.slices("slice_id", SWEPT)) == 2
