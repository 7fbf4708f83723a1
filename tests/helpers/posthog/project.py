"""A PostHog project for the tests: its events, its clock, and a client of it."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from loaders.contract import tables_of
from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.http import Api
from loaders.posthog.api.limits import Deadline
from loaders.posthog.modes.query import QueryMode, events_slice
from loaders.posthog.slices.fetch import Verified
from loaders.posthog.slices.slice import Window
from stand_ins.posthog import StandIn, Store
from stand_ins.posthog.limits import Allowance

TABLES = {table.name: table for table in tables_of("posthog")}
NAMES = ("$pageview", "Offer Created")
NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
SLICES = 6


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


def event_rows(count: int, first: int = 0, **columns: Any) -> pa.Table:  # noqa: ANN401
    """Return events that differ in all but their name.

    Args:
        count: how many.
        first: the number of the first; tables with other numbers share no uuid.
        columns: a value for all of them, or a list of values.
    """
    numbers = range(first, first + count)
    defaults = {
        "uuid": [str(uuid.UUID(int=number)) for number in numbers],
        "event": "$pageview",
        "distinct_id": [f"user {number}" for number in numbers],
        "person_id": [str(uuid.UUID(int=2**64 + number)) for number in numbers],
        "timestamp": [YESTERDAY + timedelta(seconds=number) for number in numbers],
        "created_at": [YESTERDAY + timedelta(seconds=number) for number in numbers],
        "properties": "{}",
    }
    return pa.table(
        {
            name: values if isinstance(values, list) else [values] * count
            for name, values in {**defaults, **columns}.items()
        }
    )


class Project:
    """A stand-in and a client of it, with the same small pages and the same clock."""

    def __init__(self, stand_in: StandIn, clock: Clock, page_cap: int) -> None:
        self.stand_in = stand_in
        self.page_cap = page_cap
        self.store = stand_in.store
        self.clock = clock
        self.client = self.new_client()
        self.api = self.client.api

    def new_client(self, hours: float = 6, **options: Any) -> PostHogClient:  # noqa: ANN401
        """Return a client as a new load has it; its time is that of the clock."""
        address = self.stand_in.address
        api = Api(
            address.host,
            address.project_id,
            address.api_key,
            sleep=self.clock.sleep,
            deadline=Deadline(hours, lambda: self.clock.now.timestamp()),
            **options,
        )
        return PostHogClient(api, self.page_cap)

    def read(
        self, names: tuple[str, ...] = NAMES, since: datetime | None = None
    ) -> list[Verified]:
        """Return the slices of the events received from a moment on."""
        mode = QueryMode(self.client, names, timedelta())
        window = Window(since, mode.until())
        planned = mode.planner.plan(events_slice(window, names))
        return [mode.fetch(part) for part in planned]

    def add(self, count: int, first: int = 0, **columns: object) -> None:
        self.store.add("stored_events", event_rows(count, first, **columns))

    def pages_asked(self) -> int:
        """Return how many pages of events were asked for so far."""
        asked = self.stand_in.journal.of("query")
        return sum(b"select uuid" in exchange.request.body for exchange in asked)

    def load(
        self, names: tuple[str, ...] = NAMES, since: datetime | None = None
    ) -> Counter:
        """Return how often each uuid is loaded."""
        return Counter(
            uuid
            for verified in self.read(names, since)
            for rows in verified.rows
            for uuid in rows["uuid"].to_pylist()
        )


@contextmanager
def running_project(
    page_cap: int = 100, allowance: Allowance | None = None
) -> Iterator[Project]:
    """Run an empty project, in New York's time."""
    clock = Clock()
    store = Store("America/New_York")
    settings = {"page_cap": page_cap, "allowance": allowance, "pause": clock.sleep}
    with StandIn(store, clock, **settings) as stand_in:
        yield Project(stand_in, clock, page_cap)


def uuids(count: int, first: int = 0) -> Counter:
    """Return the uuids of `event_rows`, each once."""
    return Counter(event_rows(count, first)["uuid"].to_pylist())


def add_slices(project: Project) -> None:
    """Add thirty events on each of six days; with pages of 100, each is a slice."""
    for day in range(SLICES):
        at = NOW - timedelta(days=day)
        project.add(30, first=100 * day, timestamp=at, created_at=YESTERDAY)
