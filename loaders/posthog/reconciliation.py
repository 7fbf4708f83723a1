"""Reconciliation: compare the days that have landed with PostHog once more.

An event can become visible later than every overlap allows for. So each day the
different events received in the last days are counted on both sides, and each week
those of the last months; a day that lacks some is loaded again. Copies of an event are
counted too: a new one adds no event. They do not replace that count, because PostHog
merges copies away, which would make up for what is new.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table
from loaders.posthog.modes.query import QueryMode, events_slice
from loaders.posthog.slices.ledger import DAY, RECONCILIATION, VERIFIED, SliceLedger
from loaders.posthog.slices.planner import DayAndEvent
from loaders.posthog.slices.slice import Buckets, Names, Slice, Tally, Window, midnight
from warehouse.errors import UserError

logger = logging.getLogger(__name__)

SPANS = {timedelta(days=60): timedelta(days=7), timedelta(days=8): timedelta(days=1)}
# The names are those of a tally: two numbers that add up over the parts of a slice.
THERE = "uniqExact(uuid) as row_count, uniqExact((uuid, created_at)) as checksum"
Counts = dict[DayAndEvent, tuple[int, int]]


@dataclass(frozen=True)
class Reconciler:
    """Reconciles one project.

    Attributes:
        table: the events.
    """

    mode: QueryMode
    connection: Connection
    ledger: SliceLedger
    table: Table

    def due(self) -> Window | None:
        """Return what is to be reconciled now, if anything."""
        loaded = self.ledger.loaded_until()
        until = min(loaded[name] for name in self.mode.names)
        # Exports go by a later moment than created_at, and nobody else counted them.
        exported = self.ledger.not_reconciled(self.mode.names)
        starts = [exported.start] if exported else []
        for span, period in SPANS.items():
            last = self.ledger.last_reconciliation(span)
            if last is None or last + period <= until:
                starts.append(midnight((until - span).date()))
        return Window(min(starts), until) if starts else None

    def plan(self, window: Window) -> Iterator[Slice]:
        """Yield slices of the days of which PostHog has more than has landed."""
        names_of: dict[date, list[str]] = defaultdict(list)
        for day, event in self._lacking(window):
            names_of[day].append(event)
        for day, names in sorted(names_of.items()):
            whole = events_slice(_day_in(window, day), tuple(names))
            yield from self.mode.planner.plan(whole)

    def finish(self, window: Window, rejected: int) -> None:
        """Write into the ledger that nothing is lacking any more.

        Args:
            window: what was reconciled.
            rejected: how many rows of it may not land.

        Raises:
            UserError: days were loaded again and still lack events.
        """
        lacking = self._lacking(window)
        if sum(lacking.values()) > rejected:
            (day, event), count = next(iter(lacking.items()))
            raise UserError(
                f"posthog: of the events received on {day}, PostHog counts {count} "
                f"more {event} than it gives; load again later"
            )
        reconciled = replace(events_slice(window, self.mode.names), mode=RECONCILIATION)
        count = sum(
            rows for part in _parts(window) for rows, _ in self._landed(part).values()
        )
        self.ledger.write([replace(reconciled, expected=Tally(count))], VERIFIED, count)

    def _lacking(self, window: Window) -> dict[DayAndEvent, int]:
        """Return of which days and events how many have not landed."""
        there, landed = {}, {}
        for part in _parts(window):
            there |= self._there(part)
            landed |= self._landed(part)
        gone = 0
        lacking = {}
        for key in there | landed:
            differences = [
                visible - here
                for visible, here in zip(
                    there.get(key, (0, 0)), landed.get(key, (0, 0)), strict=True
                )
            ]
            gone += max(0, -differences[0])
            if max(differences) > 0:
                lacking[key] = max(differences)
        if gone:
            logger.info("posthog: %s events are gone from PostHog and stay here", gone)
        return lacking

    def _there(self, window: Window) -> Counts:
        # Cut by uuid, if need be: copies of an event must not be counted apart.
        whole = Slice(Buckets("uuid"), window=window, names=Names(self.mode.names))
        planner = self.mode.planner
        there = planner.count_days(whole, "created_at", THERE)
        if not there and planner.tally(whole).rows:  # an empty answer proves nothing
            raise UserError(
                "posthog: PostHog counts events, but none on any day; load again later"
            )
        return there

    def _landed(self, window: Window) -> Counts:
        day = "cast(created_at at time zone 'UTC' as date)"
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select day, event, count(*), cast(sum(copies) as bigint) "
                "from (select day, event, uuid, count(*) as copies "
                f"from (select distinct {day} as day, event, uuid, created_at "
                f"from {self.table.schema_name}.{self.table.name} "
                f"where created_at >= '{window.start.isoformat()}' and "
                f"created_at < '{window.end.isoformat()}') as arrivals "
                "group by 1, 2, 3) as events group by 1, 2"
            )
            return {
                (day, event): (events, copies)
                for day, event, events, copies in cursor.fetchall()
                if event in self.mode.names
            }


def _parts(window: Window) -> Iterator[Window]:
    """Cut a window at midnight into parts that can be counted at once."""
    start = window.start
    while start < window.end:
        end = min(window.end, midnight((start + max(SPANS)).date()))
        yield Window(start, end)
        start = end


def _day_in(window: Window, day: date) -> Window:
    return Window(
        max(window.start, midnight(day)), min(window.end, midnight(day) + DAY)
    )
