"""Mode export: events by file downloads, for projects of many million events."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from loaders.posthog.modes.export_runs import LONGEST, Exports
from loaders.posthog.modes.query import QueryMode, events_slice
from loaders.posthog.slices.fetch import Verified
from loaders.posthog.slices.ledger import DAY, SliceLedger
from loaders.posthog.slices.planner import day_totals
from loaders.posthog.slices.slice import EXPORT, Days, Slice, Tally, Window, midnight

logger = logging.getLogger(__name__)

ROWS = 1_000_000
# Of a window that began longer ago, PostHog exports no event whose timestamp lies far
# outside of it.
WHOLE_WINDOWS = timedelta(days=7)


@dataclass(frozen=True)
class ExportMode:
    """Reads events by file downloads, and those that exports leave out by query.

    Attributes:
        query: plans, counts, and fetches what exports leave out.
    """

    query: QueryMode
    exports: Exports

    def plan(self, ledger: SliceLedger) -> Iterator[Slice]:
        """Yield what has not landed as windows, each of one export.

        Raises:
            UserError: PostHog cannot be read.
        """
        for whole in self.query.due(ledger):
            tallies = self.query.planner.tally_days(whole, "created_at")
            if not tallies:
                yield replace(whole, expected=Tally())
                continue
            for window, expected in _windows(whole.window, day_totals(tallies)):
                names = whole.names.names
                part = replace(events_slice(window, names), expected=expected)
                yield replace(part, mode=EXPORT)
                if window.start < whole.window.end - WHOLE_WINDOWS:
                    yield from self._left_out(part)

    def fetch(self, part: Slice) -> Verified:
        """Fetch a window; its files are proved complete before the first row comes.

        Raises:
            UserError: PostHog cannot be read, or rows are missing from its files.
        """
        window = part.window
        logger.info("posthog: exporting %s to %s", window.start, window.end)
        rows = self.exports.events(
            window.start,
            window.end,
            part.names.names,
            part.expected and part.expected.rows,
        )
        # Exports go by a later moment than created_at: the count planned for need
        # not be that of the files.
        return Verified(replace(part, expected=None), rows, 1)

    def _left_out(self, part: Slice) -> Iterator[Slice]:
        """Plan the events whose timestamps lie outside of the days of a window."""
        end = part.window.end.date() + DAY
        for days in (Days(None, part.window.start.date()), Days(end, None)):
            outside = replace(part, days=days, expected=None)
            for each in self.query.planner.plan(outside):
                if each.expected.rows:
                    yield each


def _windows(whole: Window, days: dict[date, Tally]) -> Iterator[tuple[Window, Tally]]:
    """Cut a window at midnight, so that no part is too long or has too many rows."""
    start = whole.start or midnight(min(days))
    end, expected = start, Tally()
    while end < whole.end:
        day = end.date()
        tally = days.get(day, Tally())
        next_day = min(whole.end, midnight(day) + DAY)
        is_full = expected.rows + tally.rows > ROWS or next_day - start > LONGEST
        if is_full and end > start:
            yield Window(start, end), expected
            start, expected = end, Tally()
        end, expected = next_day, expected + tally
    yield Window(start, end), expected
