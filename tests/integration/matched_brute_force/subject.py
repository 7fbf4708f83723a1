"""A person at an instant: what lies before and after."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from tests.integration.matched_brute_force.people import POST, People, count

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
BASELINE, LONG, SHORTEST = 30 * DAY, 86 * DAY, 7 * DAY


def rounded(value: Fraction) -> int:
    """Round half up."""
    return math.floor(value + Fraction(1, 2))


def exposed_seconds(people: People, user: str, at: datetime) -> int:
    """Return for how long of the 30 days before a push was less than 48 hours old."""
    sends = [
        sent for sent in people.pushes[user] if people.observed_from[user] <= sent < at
    ]
    seconds = 0
    for sent, following in pairwise([*sends, at]):
        start, end = max(sent, at - BASELINE), min(sent + POST, following)
        seconds += max(0, (end - start).total_seconds())
    return math.floor(seconds)


@dataclass(frozen=True)
class Subject:
    """A person at an instant."""

    people: People
    user: str
    arm: str
    weeks: int
    at: datetime
    received_at: datetime | None

    @cached_property
    def observed_seconds(self) -> int:
        """For how long the person had been observed."""
        observed_from = self.people.observed_from[self.user]
        return math.floor((self.at - observed_from).total_seconds())

    @cached_property
    def unexposed_seconds(self) -> int:
        """The length of the baseline less what a push disturbed."""
        exposed = exposed_seconds(self.people, self.user, self.at)
        return min(30 * 86400, self.observed_seconds) - exposed

    @property
    def has_baseline(self) -> bool:
        """Whether the baseline is long enough to be compared by."""
        return self.unexposed_seconds >= SHORTEST.total_seconds()

    def count(self, metric: str, start: timedelta, end: timedelta) -> int:
        """Count events between two distances from the instant."""
        times = self.people.times.get((self.user, metric), [])
        return count(times, self.at + start, self.at + end)

    @cached_property
    def traits(self) -> tuple[int, int, int, int]:
        """What the box is of: silence, sessions of a day and of six, tenure."""
        sessions = self.people.times.get((self.user, "sessions"), [])
        before = bisect_left(sessions, self.at)
        silence = (
            (self.at - sessions[before - 1]) / HOUR
            if before
            else self.observed_seconds / 3600
        )
        return (
            math.floor(1000 * math.log1p(silence) + 0.5),
            self.count("sessions", -DAY, 0 * DAY),
            self.count("sessions", -7 * DAY, -DAY),
            min(LONG, self.at - self.people.first_seen[self.user]) // HOUR,
        )

    @cached_property
    def activity_class(self) -> int:
        """The class of silence and of tenure, -1 without a baseline."""
        if not self.has_baseline:
            return -1
        sessions = self.people.times.get((self.user, "sessions"), [])
        before = bisect_left(sessions, self.at)
        edges = [6 * HOUR, DAY, 7 * DAY, 30 * DAY]
        silence = bisect_right(edges, self.at - sessions[before - 1]) if before else 4
        tenure = self.at - self.people.first_seen[self.user]
        return silence + 5 * bisect_right([14 * DAY, 30 * DAY], tenure)

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """What a cell adds up: people, activity, pushes to come, silence."""
        received_at, ends_at = self.received_at, self.at + POST
        pushes = count(self.people.pushes[self.user], self.at, ends_at)
        is_received = received_at is not None and self.at <= received_at < ends_at
        is_diluted = is_received and self.arm in ("reachable", "unreachable")
        week = self.count("sessions", -7 * DAY, 0 * DAY)
        return (
            1,
            math.floor(1000 * math.log1p(week) + 0.5),
            int(pushes > is_received),
            math.floor((ends_at - received_at).total_seconds()) if is_diluted else 0,
            self.traits[0],
            self.traits[0] ** 2,
        )

    def counts(self, metric: str) -> tuple[int | None, ...]:
        """Return the six counts of a cell."""
        unexposed = self.people.unexposed_times.get((self.user, metric), [])
        baseline = count(unexposed, self.at - BASELINE, self.at)
        long_seconds = min(86 * 86400, self.observed_seconds) - 30 * 86400
        long = Fraction(56 * 86400 * self.count(metric, -LONG, -BASELINE))
        return (
            self.count(metric, 0 * DAY, POST),
            self.count(metric, 0 * DAY, DAY),
            rounded(Fraction(30 * 86400 * baseline, self.unexposed_seconds))
            if self.has_baseline
            else 0,
            self.count(metric, -7 * DAY, 0 * DAY),
            self.count(metric, -DAY, 0 * DAY),
            rounded(long / long_seconds) if long_seconds >= 7 * 86400 else None,
        )
