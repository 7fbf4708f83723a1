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
from typing import TypeVar

import pyarrow as pa

from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.failures import TooLargeError
from loaders.posthog.slices.slice import (
    HASHES_PER_BUCKET,
    Buckets,
    Days,
    Names,
    Slice,
    Tally,
    pack,
)
from loaders.posthog.slices.table_queries import TableQuery

COUNTS = {"row_count": pa.int64(), "checksum": pa.int64()}
Cut = TypeVar("Cut", Slice, Buckets)
DayAndEvent = tuple[date, str]


@dataclass(frozen=True)
class Planner:
    """Counts and plans one table of one project."""

    client: PostHogClient
    table_query: TableQuery

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

    def tally(self, part: Slice) -> Tally:
        """Count the rows of a slice.

        Raises:
            TooLargeError: they cannot be counted at once.
            UserError: PostHog cannot be read.
        """
        [(rows, checksum)] = self._ask(
            part, self.table_query.tally, COUNTS, least_rows=1
        )
        return Tally(rows, checksum or 0)

    def tally_days(
        self, whole: Slice, moment: str = "timestamp"
    ) -> dict[DayAndEvent, Tally]:
        """Count the rows of each UTC day and event; see `count_days`."""
        counts = self.count_days(whole, moment, self.table_query.tally)
        return {key: Tally(*numbers) for key, numbers in counts.items()}

    def count_days(
        self, whole: Slice, moment: str, aggregates: str
    ) -> dict[DayAndEvent, tuple[int, int]]:
        """Count two things of each UTC day and event.

        Args:
            whole: the slice.
            moment: the column that decides of which day a row is.
            aggregates: `row_count` and `checksum`, in HogQL; the sums of all parts of
                a slice are those of the slice.

        Raises:
            TooLargeError: not even the rows of one day can be counted.
            UserError: PostHog cannot be read.
        """
        columns = f"toDate(toTimeZone({moment}, 'UTC')) as day, event, {aggregates}"
        kinds = {"day": pa.date32(), "event": pa.string(), **COUNTS}
        try:
            groups = self._ask(whole, columns, kinds, "group by day, event")
        except TooLargeError as error:
            counts: dict[DayAndEvent, tuple[int, int]] = {}
            for half in halves_of(whole, error):
                for key, more in self.count_days(half, moment, aggregates).items():
                    rows, checksum = counts.get(key, (0, 0))
                    counts[key] = (rows + more[0], checksum + more[1])
            return dict(sorted(counts.items()))
        return {(day, event): (rows, sum_) for day, event, rows, sum_ in sorted(groups)}

    def tally_buckets(self, whole: Slice, buckets: Buckets) -> dict[int, Tally]:
        """Count the rows of each bucket of a slice, also of those that have none.

        Raises:
            TooLargeError: they cannot be counted at once.
            UserError: PostHog cannot be read.
        """
        bucket = f"intDiv(cityHash64({buckets.column}), {HASHES_PER_BUCKET}) as bucket"
        columns = f"{bucket}, {self.table_query.tally}"
        kinds = {"bucket": pa.int64(), **COUNTS}
        groups = self._ask(whole, columns, kinds, "group by bucket")
        tallies = {number: Tally(*tally) for number, *tally in groups}
        numbers = range(buckets.first, buckets.end)
        return {number: tallies.get(number, Tally()) for number in numbers}

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

    def _ask(
        self,
        part: Slice,
        columns: str,
        kinds: dict[str, pa.DataType],
        group_by: str = "",
        least_rows: int = 0,
    ) -> list[tuple]:
        where, values = part.where()
        rest = f"from {self.table_query.table} where {where} {group_by}"
        schema = pa.schema(kinds)
        answer = self.client.query_proved(columns, rest, values, schema, least_rows)
        return list(zip(*answer.to_pydict().values(), strict=True))


def day_totals(tallies: Mapping[DayAndEvent, Tally]) -> dict[date, Tally]:
    """Add up the tallies of all events of a day."""
    totals: dict[date, Tally] = {}
    for (day, _), tally in tallies.items():
        totals[day] = totals.get(day, Tally()) + tally
    return totals


def halves_of(part: Cut, error: TooLargeError) -> list[Cut]:
    """Return a slice, or one of its ranges, in two.

    Raises:
        TooLargeError: the given one, if it cannot be cut.
    """
    halves = part.halves()
    if not halves:
        raise error
    return halves
