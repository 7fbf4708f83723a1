"""Sweeps: compare the days that have landed with PostHog once more.

An event can become visible later than every overlap allows for. So each day the
different events received in the last days are counted on both sides, and each week
those of the last months; a day that lacks some is loaded again.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table
from loaders.errors import UserError
from loaders.posthog.ledger import DAY, SWEEP, VERIFIED, SliceLedger
from loaders.posthog.planning import Planner
from loaders.posthog.querying import QueryMode, events_slice
from loaders.posthog.questions import EVENTS
from loaders.posthog.slices import Buckets, Names, Slice, Tally, Window, midnight

logger = logging.getLogger(__name__)

SPANS = {timedelta(days=60): timedelta(days=7), timedelta(days=8): timedelta(days=1)}
Counts = dict[tuple[date, str], int]


@dataclass(frozen=True)
class Sweeper:
    """Sweeps one project.

    Attributes:
        table: the events.
    """

    mode: QueryMode
    connection: Connection
    ledger: SliceLedger
    table: Table

    def due(self) -> Window | None:
        """Return what is to be swept now, if anything."""
        until = min(self.ledger.loaded_until()[name] for name in self.mode.names)
        for span, period in SPANS.items():
            last = self.ledger.last_sweep(span)
            if last is None or last + period <= until:
                return Window(midnight((until - span).date()), until)
        return None

    def lacking(self, window: Window) -> list[Slice]:
        """Return the days of which PostHog has events that have not landed."""
        there, landed = self._there(window), self._landed(window)
        names_of: dict[date, list[str]] = defaultdict(list)
        for (day, event), count in there.items():
            if landed.get((day, event), 0) < count:
                names_of[day].append(event)
        gone = sum(max(0, count - there.get(key, 0)) for key, count in landed.items())
        if gone:
            logger.info("posthog: %s events are gone from PostHog and stay here", gone)
        return [
            events_slice(_day_in(window, day), tuple(names))
            for day, names in sorted(names_of.items())
        ]

    def finish(self, window: Window) -> None:
        """Write into the ledger that nothing is lacking any more.

        Raises:
            UserError: days were loaded again and still lack events.
        """
        for day in self.lacking(window):
            raise UserError(
                f"posthog: of the events received from {day.window.start:%Y-%m-%d} on, "
                f"PostHog counts more {', '.join(day.names.names)} than it gives; "
                "load again later"
            )
        swept = replace(events_slice(window, self.mode.names), mode=SWEEP)
        count = sum(self._landed(window).values())
        self.ledger.write([replace(swept, expected=Tally(count))], VERIFIED, count)

    def _there(self, window: Window) -> Counts:
        # Cut by uuid, if need be: of a uuid that came twice, both are counted as one.
        whole = Slice(Buckets("uuid"), window=window, names=Names(self.mode.names))
        planner = Planner(self.mode.client, replace(EVENTS, is_grouped=True))
        tallies = planner.tally_days(whole, "created_at")
        return {key: tally.rows for key, tally in tallies.items()}

    def _landed(self, window: Window) -> Counts:
        day = "cast(created_at at time zone 'UTC' as date)"
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select day, event, count(*) from (select distinct "
                f"{day} as day, event, uuid "
                f"from {self.table.schema_name}.{self.table.name} "
                f"where created_at >= '{window.start.isoformat()}' "
                f"and created_at < '{window.end.isoformat()}') as seen group by 1, 2"
            )
            return {
                (day, event): count
                for day, event, count in cursor.fetchall()
                if event in self.mode.names
            }


def _day_in(window: Window, day: date) -> Window:
    return Window(
        max(window.start, midnight(day)), min(window.end, midnight(day) + DAY)
    )
