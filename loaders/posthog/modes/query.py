"""Mode query: events by the query API, for projects of some million events."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyarrow as pa

from loaders.posthog.api.client import PostHogClient
from loaders.posthog.slices.fetch import Reader, Verified
from loaders.posthog.slices.ledger import SliceLedger
from loaders.posthog.slices.planner import Planner
from loaders.posthog.slices.slice import Buckets, Days, Names, Slice, Window
from loaders.posthog.slices.table_queries import EVENTS
from warehouse.tables import TIMESTAMP

logger = logging.getLogger(__name__)

# A row becomes visible some time after its created_at, so the newest are left alone.
LAG = timedelta(minutes=10)
NOW = pa.schema([("server_now", TIMESTAMP)])


def events_slice(window: Window, names: tuple[str, ...]) -> Slice:
    """Return all events of some names that were received in a window."""
    return Slice(
        buckets=Buckets("distinct_id"),
        uuid_buckets=Buckets("uuid"),
        window=window,
        days=Days(),
        names=Names(names),
    )


@dataclass(frozen=True)
class QueryMode:
    """Reads events by the query API.

    Attributes:
        names: the events to load.
        overlap: what is read again before the end of the last load.
    """

    client: PostHogClient
    names: tuple[str, ...]
    overlap: timedelta

    @property
    def planner(self) -> Planner:
        """What counts events and cuts them into slices."""
        return Planner(self.client, EVENTS)

    def until(self) -> datetime:
        """Return until when events were received that are visible by now."""
        answer = self.client.query_proved("now() as server_now", "", {}, NOW, 1)
        return answer["server_now"][0].as_py() - LAG

    def due(self, ledger: SliceLedger) -> list[Slice]:
        """Return what has not landed: for each name from where it stopped until now."""
        until = self.until()
        loaded = ledger.loaded_until()
        names_from: dict[datetime | None, list[str]] = defaultdict(list)
        for name in self.names:
            names_from[loaded.get(name)].append(name)
        if loaded and None in names_from:
            new = ", ".join(names_from[None])
            logger.info("posthog: %s: new in contract.yml, loaded from its start", new)
        return [
            events_slice(Window(end and end - self.overlap, until), tuple(names))
            for end, names in names_from.items()
        ]

    def plan(self, ledger: SliceLedger) -> Iterator[Slice]:
        """Yield what has not landed as slices of one page."""
        for whole in self.due(ledger):
            yield from self.planner.plan(whole)

    def fetch(self, part: Slice) -> Verified:
        """Fetch a slice; see `Reader.fetch`."""
        verified = Reader(self.client, EVENTS).fetch(part)
        rows = [
            table.rename_columns({"event_person_id": "person_id"})
            for table in verified.rows
        ]
        return replace(verified, rows=rows)
