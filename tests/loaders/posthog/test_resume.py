"""A load of events goes on where the last one stopped, and goes back no further."""

from datetime import timedelta

import pytest

from tests.helpers.kill_points import Killed, Process
from tests.helpers.posthog.expected import LAG, is_complete
from tests.helpers.posthog.project import NAMES, NOW, SLICES, Project
from tests.helpers.posthog.warehouse import OVERLAP, Warehouse

DAY = timedelta(days=1)


@pytest.mark.parametrize("slices", [0, 1, 5])
def test_a_killed_load_is_resumed_with_what_remains(
    slices: int, sliced: Project, warehouse: Warehouse
) -> None:
    before_the_first_slice = 3
    with pytest.raises(Killed):
        warehouse.land(sliced, Process(("committed", before_the_first_slice + slices)))
    assert len(warehouse.rows()) == 30 * slices
    statuses = [status for (status,) in warehouse.slices("status")]
    assert statuses == ["planned"] * (SLICES - slices) + ["verified"] * slices
    asked = sliced.pages_asked()
    warehouse.land(sliced)
    of_the_overlap = 1
    assert sliced.pages_asked() - asked == SLICES - slices + of_the_overlap
    assert is_complete(sliced, warehouse)


def test_a_new_name_is_loaded_from_its_start(
    sliced: Project, warehouse: Warehouse
) -> None:
    warehouse.names = NAMES[:1]
    sliced.add(40, first=5000, event=NAMES[1], created_at=NOW - 90 * DAY)
    warehouse.land(sliced)
    assert len(warehouse.rows()) == 30 * SLICES
    sliced.clock.sleep(3600)
    warehouse.names = NAMES
    warehouse.land(sliced)
    assert is_complete(sliced, warehouse)
    second = f"mode = 'query' and loaded_until > '{NOW - LAG}'"
    assert warehouse.slices("events, loaded_from", second) == [
        (f'["{NAMES[0]}"]', NOW - LAG - OVERLAP),
        (f'["{NAMES[1]}"]', None),
    ]


def test_a_name_that_was_left_out_goes_on_where_it_stopped(
    sliced: Project, warehouse: Warehouse
) -> None:
    sliced.add(10, first=5000, event=NAMES[1])
    warehouse.land(sliced)
    stopped = NOW - LAG
    for day in range(3):
        warehouse.names = NAMES[: 1 if day < 2 else 2]
        first = 6000 + 100 * day
        sliced.add(10, first=first, event=NAMES[1], created_at=NOW + day * DAY)
        sliced.clock.sleep(DAY.total_seconds())
        warehouse.land(sliced)
    assert is_complete(sliced, warehouse)
    last = f"mode = 'query' and loaded_until = '{NOW + 3 * DAY - LAG}'"
    assert warehouse.slices("events, loaded_from", last) == [
        (f'["{NAMES[0]}"]', stopped + 2 * DAY - OVERLAP),
        (f'["{NAMES[1]}"]', stopped - OVERLAP),
    ]
