"""What the tests of the stand-in for PostHog share."""

from collections.abc import Iterator

import pytest

from stand_ins.posthog import StandIn, Store
from tests.helpers.posthog.project import Clock, event_rows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[StandIn]:
    """A project of 150 events, in New York's time."""
    store = Store("America/New_York")
    store.add("stored_events", event_rows(150))
    with StandIn(store, clock, page_cap=120, pause=clock.sleep) as server:
        yield server
