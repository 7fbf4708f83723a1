"""Whatever PostHog does, and whenever the loader is killed: what is there arrives once.

Whenever a load ends well, all is there but what PostHog held back and only a sweep can
find. The next load that is left in peace repairs what the others left; once all can be
seen, all is there.
"""

from collections.abc import Iterator
from math import ceil, log2
from pathlib import Path

import pytest
from hypothesis import given, settings

from loaders.posthog.slices.slice import EXPORT, QUERY
from tests.helpers.posthog.arrivals import ASKED
from tests.helpers.posthog.expected import visible_rows
from tests.helpers.posthog.project import running_project
from tests.helpers.posthog.story import PLOTS, Plot, Story
from tests.helpers.posthog.warehouse import Warehouse, copied_warehouse

# To come to a single bucket of a name on a day: halves of 100 years, names, buckets.
CUTS = 16 + 3 + 8 + 8
LARGE = """
select count(*) from stored_events
group by cast("timestamp" at time zone 'UTC' as date), event having count(*) > $1
"""


@pytest.fixture(scope="module")
def warehouse(empty_file: Path) -> Iterator[Warehouse]:
    """One warehouse for all examples."""
    with copied_warehouse(empty_file, empty_file.parent) as copy:
        copy.names = ASKED
        yield copy


@settings(max_examples=10, deadline=None)
@given(PLOTS)
def test_everything_arrives_once(warehouse: Warehouse, plot: Plot) -> None:
    tell(plot, warehouse, QUERY)


@settings(max_examples=4, deadline=None)
@given(PLOTS)
def test_everything_arrives_once_by_exports(warehouse: Warehouse, plot: Plot) -> None:
    tell(plot, warehouse, EXPORT)


def tell(plot: Plot, warehouse: Warehouse, mode: str) -> None:
    """Load until all is there, and once more."""
    warehouse.clear()
    warehouse.mode = mode
    with running_project(plot.page_cap) as project:
        story = Story(project, warehouse, plot)
        story.begin()
        assert story.load()
        story.wait()
        assert story.load()
        visible = visible_rows(project, ASKED)
        rows = warehouse.rows()
        assert set(rows) == visible
        assert len(rows) == len(visible)
        uuids = [uuid for (uuid,) in warehouse.modelled("cast(event_id as varchar)")]
        assert sorted(uuids) == sorted({row[0] for row in visible})
        requests = len(project.stand_in.journal.of("query"))
        assert requests <= most_requests(story)
        assert story.load()
        assert warehouse.rows() == rows
        last = len(project.stand_in.journal.of("query")) - requests
        assert last == 3, "the time, the days, and one slice of nothing"


def most_requests(story: Story) -> int:
    """Return how many queries all loads together may have taken.

    A load asks for the time, for the days, and twice for what a sweep compares; it
    counts by buckets what exceeds a page alone: a name on a day, then single buckets,
    as a whole and once more by the days of a sweep. If 256 buckets do not fit a page,
    half of them are asked for, and so on.

    A slice is fetched, counted anew if more came meanwhile, and planned by its day if
    it is of a sweep. An early end leaves up to three to be fetched and counted again. A
    fault costs a try, or two halves that are counted and fetched. If what came late
    fills a slice that waits, it is cut until it cannot be cut.
    """
    page_cap, faults = story.plot.page_cap, story.plot.faults
    limit = page_cap * 2 // 5
    halvings = max(0, ceil(log2((256 + 1) / page_cap)))
    large = story.project.store.execute(LARGE, [limit])
    counts = sum(1 + 3 * (rows // limit) for (rows,) in large)
    slices = len(story.warehouse.slices("slice_id", "mode <> 'sweep'"))
    held_up = sum(len(each.numbers) for each in story.plot.arrivals if each.held_up)
    arrivals = sum(played.fault == "arrival" for played in faults)
    has_waited = story.early_ends > 0 or arrivals > 0
    return (
        story.loads * (4 + counts * (2 ** (halvings + 1) - 1))
        + 3 * slices
        + 6 * story.early_ends
        + 5 * sum(played.requests for played in faults)
        + 3 * CUTS * has_waited * ((held_up + arrivals) // (page_cap - limit))
    )
