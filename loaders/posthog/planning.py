"""Plan a PostHog table: count its rows and cut it into slices that fit one page.

`created_at` alone says what is new. A bound on `timestamp` would let PostHog skip most
of its table in a daily load, and would lose events that are years late or dated in the
future; without one, the plan and the slices together scan that one column twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from loaders.posthog.counting import DayAndEvent, RowCounter, halves_of
from loaders.posthog.failures import TooLargeError
from loaders.posthog.slices import Days, Names, Slice, Tally, pack


@dataclass(frozen=True)
class Planner(RowCounter):
    """Plans one table of one project."""

    @property
    def limit(self) -> int:
        """The rows to plan a slice for: more may come, and three are in memory."""
        return self.client.page_cap * 2 // 5

    def plan(self, whole: Slice) -> Iterator[Slice]:
        """Cut a slice of any size into slices that fit one page.

        Raises:
            UserError: PostHog cannot be read.
        """
        if whole.days:
            yield from self._pack_days(whole, self.tally_days(whole))
        else:
            yield from self._plan_buckets(whole, "buckets")

    def _pack_days(
        self, whole: Slice, tallies: dict[DayAndEvent, Tally]
    ) -> Iterator[Slice]:
        """Pack days into slices; a day that is too large is packed by event."""
        if not tallies:
            yield replace(whole, expected=Tally())
        days: dict[date, dict[str, Tally]] = defaultdict(dict)
        for (day, event), tally in tallies.items():
            days[day][event] = tally
        groups = list(pack(day_totals(tallies), self.limit))
        starts = [group[0] for group, _ in groups[1:]]
        bounds = pairwise([whole.days.first, *starts, whole.days.end])
        for (group, expected), (first, end) in zip(groups, bounds, strict=False):
            part = replace(whole, days=Days(first, end), expected=expected)
            if expected.rows <= self.limit:
                yield part
            else:
                yield from self._pack_names(part, days[group[0]])

    def _pack_names(self, day: Slice, events: dict[str, Tally]) -> Iterator[Slice]:
        """Pack the events of a day; one that is too large is packed by bucket."""
        tallies = {name: events.get(name, Tally()) for name in day.names.names}
        for group, expected in pack(tallies, self.limit):
            part = replace(day, names=Names(tuple(group)), expected=expected)
            if expected.rows <= self.limit:
                yield part
            else:
                yield from self._plan_buckets(part, "buckets")

    def _plan_buckets(self, whole: Slice, name: str) -> Iterator[Slice]:
        """Pack the buckets of one column; one that is too large by the next column."""
        buckets = getattr(whole, name)
        try:
            tallies = self.tally_buckets(whole, buckets)
        except TooLargeError as error:
            # Of one event of one day, no other cut makes fewer buckets or reads less.
            for half in halves_of(buckets, error):
                yield from self._plan_buckets(replace(whole, **{name: half}), name)
            return
        for group, expected in pack(tallies, self.limit):
            range_ = replace(buckets, first=group[0], end=group[-1] + 1)
            part = replace(whole, **{name: range_}, expected=expected)
            if expected.rows > self.limit and name == "buckets" and whole.uuid_buckets:
                yield from self._plan_buckets(part, "uuid_buckets")
            else:
                yield part


def day_totals(tallies: Mapping[DayAndEvent, Tally]) -> dict[date, Tally]:
    """Add up the tallies of all events of a day."""
    totals: dict[date, Tally] = {}
    for (day, _), tally in tallies.items():
        totals[day] = totals.get(day, Tally()) + tally
    return totals
