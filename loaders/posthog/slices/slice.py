"""Slices of a PostHog table: which rows one request asks for, and how to cut it.

The events table is sorted by day, event, cityHash64(distinct_id), cityHash64(uuid): a
slice is a range in each, so that it reads little else. Neighbouring slices share
their bounds and the outer ones are open: also a row the plan did not foresee (from
1900, or arrived since) falls into exactly one slice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self, TypeVar

BUCKETS = 256
HASHES_PER_BUCKET = 2**64 // BUCKETS
# Where an open range of days is cut in two; what lies beyond stays in the outer half.
OLDEST_CUT, NEWEST_CUT = date(2000, 1, 1), date(2100, 1, 1)

# How the rows of a slice are fetched.
QUERY, EXPORT, LAKE = "query", "export", "lake"

Key = TypeVar("Key")
Values = dict[str, str | int]


@dataclass(frozen=True)
class Tally:
    """What tells whether rows are all there.

    Attributes:
        checksum: the sum over the rows of hashes of 32 bits: it tells a page that was
            given twice from two pages of the same length.
    """

    rows: int = 0
    checksum: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of both together."""
        return Tally(self.rows + other.rows, self.checksum + other.checksum)


class Range:
    """One range of a slice; by itself it needs no values and cannot be cut."""

    def conditions(self) -> list[str]:
        """Return the HogQL conditions of the range."""
        raise NotImplementedError

    def values(self) -> Values:
        """Return the values of the placeholders in the conditions."""
        return {}

    def halves(self) -> list[Self]:
        """Return the range in two, or nothing if it cannot be cut."""
        return []


@dataclass(frozen=True)
class Window(Range):
    """Received from `start` (None: since ever) until before `end` (None: now)."""

    start: datetime | None = None
    end: datetime | None = None

    def conditions(self) -> list[str]:
        """Return the HogQL conditions of the range."""
        bounds = {">=": self.start, "<": self.end}
        return [f"created_at {sign} {_time(at)}" for sign, at in bounds.items() if at]


@dataclass(frozen=True)
class Days(Range):
    """Happened on the UTC days from `first` until before `end`; None is open."""

    first: date | None = None
    end: date | None = None

    def conditions(self) -> list[str]:
        """Return the HogQL conditions of the range."""
        bounds = {">=": self.first, "<": self.end}
        return [
            self._condition(sign, midnight(day)) for sign, day in bounds.items() if day
        ]

    def _condition(self, sign: str, start: datetime) -> str:
        if self.first and self.end:
            return f"timestamp {sign} {_time(start)}"
        # ClickHouse sorts by toDate(timestamp) and skips by it, but a Date wraps around
        # outside of 1970 to 2149: a bare timestamp would lose what only an open range
        # can hold. Of a function of it, it knows nothing to skip by.
        milliseconds = int(start.timestamp()) * 1000
        return f"toUnixTimestamp64Milli(timestamp) {sign} {milliseconds}"

    def halves(self) -> list["Days"]:
        """Return the range in two, or nothing if it is a single day."""
        first, end = self.first or OLDEST_CUT, self.end or NEWEST_CUT
        middle = first + (end - first) / 2
        if not first < middle < end:
            return []
        return [Days(self.first, middle), Days(middle, self.end)]


@dataclass(frozen=True)
class Names(Range):
    """Named like one of these events."""

    names: tuple[str, ...]

    def conditions(self) -> list[str]:
        """Return the HogQL conditions of the range."""
        return [f"event in ({', '.join(f'{{{name}}}' for name in self.values())})"]

    def values(self) -> Values:
        """Return the names: PostHog escapes them, whatever is in them."""
        return {f"event_{at}": name for at, name in enumerate(self.names)}

    def halves(self) -> list["Names"]:
        """Return the range in two, or nothing if it is a single name."""
        middle = len(self.names) // 2
        return (
            [Names(self.names[:middle]), Names(self.names[middle:])] if middle else []
        )


@dataclass(frozen=True)
class Buckets(Range):
    """Hashing, by a column, into the buckets from `first` until before `end`."""

    column: str
    first: int = 0
    end: int = BUCKETS

    def conditions(self) -> list[str]:
        """Return the HogQL conditions of the range."""
        signs = zip((">=", "<="), self.values(), strict=False)
        return [f"cityHash64({self.column}) {sign} {{{name}}}" for sign, name in signs]

    def values(self) -> Values:
        """Return the bounds: as literals, HogQL may not take them beyond 2**63."""
        if (self.first, self.end) == (0, BUCKETS):
            return {}
        return {
            f"{self.column}_first": self.first * HASHES_PER_BUCKET,
            f"{self.column}_last": self.end * HASHES_PER_BUCKET - 1,
        }

    def halves(self) -> list["Buckets"]:
        """Return the range in two, or nothing if it is a single bucket."""
        middle = (self.first + self.end) // 2
        if middle == self.first:
            return []
        return [replace(self, end=middle), replace(self, first=middle)]


@dataclass(frozen=True)
class Slice:
    """The rows in all of these ranges.

    Attributes:
        buckets: of the column the table is hashed by.
        expected: what there was when it was planned; None: not counted.
        mode: how its rows are fetched.
        file: in mode lake, the file that holds its rows.
    """

    buckets: Buckets
    uuid_buckets: Buckets | None = None
    window: Window | None = None
    days: Days | None = None
    names: Names | None = None
    expected: Tally | None = None
    mode: str = QUERY
    file: str | None = None

    def where(self) -> tuple[str, Values]:
        """Return the HogQL condition and the values of its placeholders."""
        parts = (self.window, self.days, self.names, self.buckets, self.uuid_buckets)
        conditions, values = ["true"], {}
        for part in filter(None, parts):
            conditions += part.conditions()
            values |= part.values()
        return " and ".join(conditions), values

    def halves(self) -> list["Slice"]:
        """Cut the first range that can be cut; return nothing if none can."""
        for name in ("days", "names", "buckets", "uuid_buckets"):
            part = getattr(self, name)
            halves = part.halves() if part else []
            if halves:
                return [replace(self, **{name: half}, expected=None) for half in halves]
        return []


def pack(tallies: Mapping[Key, Tally], limit: int) -> Iterator[tuple[list[Key], Tally]]:
    """Group neighbours as long as their rows fit the limit together.

    What exceeds the limit alone makes a group of its own.
    """
    group: list[Key] = []
    total = Tally()
    for key, tally in tallies.items():
        if group and total.rows + tally.rows > limit:
            yield group, total
            group, total = [], Tally()
        group.append(key)
        total += tally
    if group:
        yield group, total


def midnight(day: date) -> datetime:
    """Return the moment a UTC day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _time(moment: datetime) -> str:
    """Write a time in UTC: PostHog reads one without a zone in the project's."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"toDateTime('{utc.isoformat(timespec='microseconds')}Z')"
