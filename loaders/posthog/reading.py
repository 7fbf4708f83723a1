"""Read a PostHog table in slices and prove that every slice is complete.

Plan (count the rows of each slice), fetch, compare, and count again if they differ.

`created_at` alone says what is new. A bound on `timestamp` would let PostHog skip most
of its table in a daily load, and would lose events that are years late or dated in the
future; without one, the plan and the slices together scan that one column twice.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pyarrow as pa

from loaders.errors import UserError
from loaders.posthog.client import PostHogClient, TooLargeError
from loaders.posthog.slices import HASHES_PER_BUCKET, Buckets, Days, Names, Slice, pack

FETCHES = 3
COUNT = pa.schema([("row_count", pa.int64())])
COUNT_PER_BUCKET = pa.schema([("bucket", pa.int64()), *COUNT])
COUNT_PER_EVENT = pa.schema([("day", pa.date32()), ("event", pa.string()), *COUNT])


@dataclass(frozen=True)
class Question:
    """How a table is asked for.

    Attributes:
        columns: HogQL expressions, named like the columns of the schema.
        count: the HogQL aggregate that counts the rows of the answer.
    """

    table: str
    columns: str
    schema: pa.Schema
    count: str = "count()"
    group_by: str = ""


@dataclass(frozen=True)
class Verified:
    """A slice whose rows are all there.

    Attributes:
        attempts: how often it was fetched.
    """

    slice: Slice
    rows: pa.Table
    attempts: int


@dataclass(frozen=True)
class Reader:
    """Reads one table of one project."""

    client: PostHogClient
    question: Question

    @property
    def limit(self) -> int:
        """The rows to plan a slice for: room for what arrives before it is fetched."""
        return self.client.page_cap * 4 // 5

    def read(self, whole: Slice) -> Iterator[Verified]:
        """Read a slice of any size as slices that fit one page.

        Raises:
            UserError: PostHog cannot be read, or rows are missing from its answers.
        """
        plan = self._plan_events if whole.days else self._plan_buckets
        for part in plan(whole):
            yield from self._fetch(part)

    def _plan_events(self, whole: Slice) -> Iterator[Slice]:
        try:
            counts = self._count(
                whole,
                "toDate(toTimeZone(timestamp, 'UTC')) as day, event, ",
                "group by day, event",
                COUNT_PER_EVENT,
            )
        except TooLargeError as error:
            halves = _halves(whole, error)
        else:
            halves = []
            yield from self._pack_days(whole, counts)
        for half in halves:
            yield from self._plan_events(half)

    def _pack_days(self, whole: Slice, counts: pa.Table) -> Iterator[Slice]:
        """Pack days into slices; a day that is too large is packed by event."""
        days: dict[date, dict[str, int]] = defaultdict(dict)
        for day, event, rows in sorted(zip(*counts.to_pydict().values(), strict=True)):
            days[day][event] = rows
        totals = {day: sum(events.values()) for day, events in days.items()}
        groups = list(pack(totals, self.limit))
        starts = [group[0] for group, _ in groups[1:]]
        bounds = pairwise([whole.days.first, *starts, whole.days.end])
        for (group, rows), (first, end) in zip(groups, bounds, strict=False):
            part = replace(whole, days=Days(first, end), expected_rows=rows)
            if rows <= self.limit:
                yield part
            else:
                yield from self._pack_names(part, days[group[0]])

    def _pack_names(self, day: Slice, events: dict[str, int]) -> Iterator[Slice]:
        """Pack the events of a day; one that is too large is packed by bucket."""
        counts = {name: events.get(name, 0) for name in day.names.names}
        for group, rows in pack(counts, self.limit):
            part = replace(day, names=Names(tuple(group)), expected_rows=rows)
            if rows <= self.limit:
                yield part
            else:
                yield from self._plan_buckets(part)

    def _plan_buckets(self, whole: Slice) -> Iterator[Slice]:
        try:
            counts = self._count(
                whole,
                f"intDiv(cityHash64({whole.buckets.column}), {HASHES_PER_BUCKET}) "
                "as bucket, ",
                "group by bucket",
                COUNT_PER_BUCKET,
            )
        except TooLargeError as error:
            halves = _halves(whole, error)
        else:
            halves = []
            yield from self._pack_buckets(whole, counts)
        for half in halves:
            yield from self._plan_buckets(half)

    def _pack_buckets(self, whole: Slice, counts: pa.Table) -> Iterator[Slice]:
        """Pack buckets; one that is too large is cut when it is fetched."""
        rows_of = dict(zip(*counts.to_pydict().values(), strict=True))
        buckets = range(whole.buckets.first, whole.buckets.end)
        sizes = {bucket: rows_of.get(bucket, 0) for bucket in buckets}
        for group, rows in pack(sizes, self.limit):
            part = Buckets(whole.buckets.column, group[0], group[-1] + 1)
            yield replace(whole, buckets=part, expected_rows=rows)

    def _fetch(self, part: Slice) -> Iterator[Verified]:
        """Fetch a slice, in halves if it turns out too large."""
        halves = []
        try:
            yield self._verify(part)
        except TooLargeError as error:
            halves = _halves(part, error)
        for half in halves:
            yield from self._fetch(half)

    def _verify(self, part: Slice) -> Verified:
        expected = part.expected_rows
        if expected is None:
            expected = self._count_rows(part)
        if expected >= self.client.page_cap:
            raise TooLargeError(f"{expected} rows are more than a page")
        for attempt in range(1, FETCHES + 1):
            rows = self._fetch_rows(part)
            if rows.num_rows != expected:
                # Rows may have come, or duplicates gone, since they were counted.
                expected = self._count_rows(part)
            if rows.num_rows == expected:
                return Verified(replace(part, expected_rows=expected), rows, attempt)
        raise UserError(
            f"posthog: {self.question.table} has {expected} rows in a slice but gave "
            f"{rows.num_rows}, {FETCHES} times over; nothing is taken, load again later"
        )

    def _fetch_rows(self, part: Slice) -> pa.Table:
        where, values = part.where()
        hogql = (
            f"select {self.question.columns} from {self.question.table} "  # noqa: S608
            f"where {where} {self.question.group_by}"
        )
        return self.client.query(hogql, values, self.question.schema)

    def _count_rows(self, part: Slice) -> int:
        return self._count(part, "", "", COUNT)["row_count"][0].as_py()

    def _count(
        self, part: Slice, columns: str, group_by: str, schema: pa.Schema
    ) -> pa.Table:
        where, values = part.where()
        hogql = (
            f"select {columns}{self.question.count} as row_count "  # noqa: S608
            f"from {self.question.table} where {where} {group_by}"
        )
        return self.client.query(hogql, values, schema)


def _halves(part: Slice, error: TooLargeError) -> list[Slice]:
    halves = part.halves()
    if not halves:
        raise error
    return halves
