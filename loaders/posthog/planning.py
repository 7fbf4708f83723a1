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

import pyarrow as pa

from loaders.posthog.client import PostHogClient
from loaders.posthog.failures import TooLargeError
from loaders.posthog.questions import Question
from loaders.posthog.slices import (
    HASHES_PER_BUCKET,
    Days,
    Names,
    Slice,
    Tally,
    pack,
)

TALLY = [("row_count", pa.int64()), ("checksum", pa.int64())]
DAY_AND_EVENT = [("day", pa.date32()), ("event", pa.string())]
BUCKET = [("bucket", pa.int64())]


@dataclass(frozen=True)
class Planner:
    """Plans one table of one project."""

    client: PostHogClient
    question: Question

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
        """Count the rows of a slice; see `tally_days` for the errors."""
        [(rows, checksum)] = self._count(part, "", "", TALLY)
        return Tally(rows, checksum or 0)

    def tally_days(
        self, whole: Slice, moment: str = "timestamp"
    ) -> dict[tuple[date, str], Tally]:
        """Count the rows of each UTC day and event.

        Args:
            whole: the slice.
            moment: the column that decides of which day a row is.

        Raises:
            TooLargeError: not even the rows of one day can be counted.
            UserError: PostHog cannot be read.
        """
        try:
            groups = self._count(
                whole,
                f"toDate(toTimeZone({moment}, 'UTC')) as day, event, ",
                "group by day, event",
                DAY_AND_EVENT + TALLY,
            )
        except TooLargeError as error:
            tallies: dict[tuple[date, str], Tally] = {}
            for half in halves_of(whole, error):
                for key, tally in self.tally_days(half, moment).items():
                    tallies[key] = tallies.get(key, Tally()) + tally
            return dict(sorted(tallies.items()))
        return {(day, event): Tally(*tally) for day, event, *tally in sorted(groups)}

    def _pack_days(
        self, whole: Slice, tallies: dict[tuple[date, str], Tally]
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
            groups = self._count(
                whole,
                f"intDiv(cityHash64({buckets.column}), {HASHES_PER_BUCKET}) "
                "as bucket, ",
                "group by bucket",
                BUCKET + TALLY,
            )
        except TooLargeError as error:
            for half in halves_of(whole, error):
                yield from self._plan_buckets(half, name)
            return
        tallies = dict.fromkeys(range(buckets.first, buckets.end), Tally())
        tallies |= {bucket: Tally(*tally) for bucket, *tally in groups}
        for group, expected in pack(tallies, self.limit):
            range_ = replace(buckets, first=group[0], end=group[-1] + 1)
            part = replace(whole, **{name: range_}, expected=expected)
            if expected.rows > self.limit and name == "buckets" and whole.uuid_buckets:
                yield from self._plan_buckets(part, "uuid_buckets")
            else:
                yield part

    def _count(
        self,
        part: Slice,
        columns: str,
        group_by: str,
        schema: list[tuple[str, pa.DataType]],
    ) -> list[tuple]:
        where, values = part.where()
        hogql = (
            f"select {columns}{self.question.tally} "  # noqa: S608
            f"from {self.question.table} where {where} {group_by}"
        )
        answer = self.client.query(hogql, values, pa.schema(schema))
        return list(zip(*answer.to_pydict().values(), strict=True))


def day_totals(tallies: Mapping[tuple[date, str], Tally]) -> dict[date, Tally]:
    """Add up the tallies of all events of a day."""
    totals: dict[date, Tally] = {}
    for (day, _), tally in tallies.items():
        totals[day] = totals.get(day, Tally()) + tally
    return totals


def halves_of(part: Slice, error: TooLargeError) -> list[Slice]:
    """Return a slice in two.

    Raises:
        TooLargeError: the given one, if it cannot be cut.
    """
    halves = part.halves()
    if not halves:
        raise error
    return halves
