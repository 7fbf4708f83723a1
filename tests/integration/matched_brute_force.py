"""An independent count of the matched cells, person by person.

Written from LIFT.md with loops over Python lists; it shares no SQL with the models. It
begins at the facts of `core`, which other tests compare with the sources.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import md5
from itertools import pairwise

from tests.integration.conftest import Warehouse

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
POST, BASELINE, LONG, SHORTEST = 48 * HOUR, 30 * DAY, 86 * DAY, 7 * DAY
REACHABLE = 180 * DAY
WEEKS = range(9)


@dataclass(frozen=True)
class People:
    """What is known of the counted people of a warehouse."""

    observed_from: dict[str, datetime]
    first_seen: dict[str, datetime]
    pushes: dict[str, list[datetime]]
    times: dict[tuple[str, str], list[datetime]]
    unexposed_times: dict[tuple[str, str], list[datetime]]


def count(times: list[datetime], start: datetime, end: datetime) -> int:
    """Count the times in a half-open window."""
    return bisect_left(times, end) - bisect_left(times, start)


def read_people(warehouse: Warehouse) -> People:
    """Read pushes and activity of everybody who counts."""
    (as_of,) = warehouse.rows("select tracking_started_at from intermediate.int_as_of")
    pushes, times, unexposed = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in warehouse.rows(
        "select distinct user_key, sent_at from core.fct_notifications order by 2"
    ):
        pushes[row["user_key"]].append(row["sent_at"])
    first_seen, observed_from = {}, {}
    for row in warehouse.rows(
        "select user_key, app_first_seen_at from core.dim_users "
        "where not (is_test_account or is_deleted)"
    ):
        user = row["user_key"]
        known = [row["app_first_seen_at"], *pushes[user][:1]]
        if any(known):
            first_seen[user] = min(filter(None, known))
            observed_from[user] = max(first_seen[user], as_of["tracking_started_at"])
    for row in warehouse.rows(
        "select user_key, activity_type, occurred_at from core.fct_user_activity "
        "where activity_type in (select metric from seeds.push_metrics) order by 3"
    ):
        user, at = row["user_key"], row["occurred_at"]
        if user in observed_from and at >= observed_from[user]:
            times[user, row["activity_type"]].append(at)
            seen = [sent for sent in pushes[user] if observed_from[user] <= sent]
            if not any(sent <= at < sent + POST for sent in seen):
                unexposed[user, row["activity_type"]].append(at)
    return People(observed_from, first_seen, pushes, times, unexposed)


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


def baseline_seconds(people: People, user: str, at: datetime) -> int:
    """Return the length of the baseline less what a push disturbed."""
    observed = math.floor((at - people.observed_from[user]).total_seconds())
    return min(30 * 86400, observed) - exposed_seconds(people, user, at)


def activity_stratum(people: People, user: str, at: datetime) -> tuple[int, int]:
    """Return the activity stratum and the recency of a person at an instant."""
    sessions = people.times.get((user, "sessions"), [])
    before = sessions[: bisect_left(sessions, at)]
    observed = math.floor((at - people.observed_from[user]).total_seconds())
    hours = (at - before[-1]) / HOUR if before else None
    edges = [0.5, 2, 6, 24, 72, 168, 336, 720]
    recency_class = 8 if hours is None else sum(hours >= edge for edge in edges)
    day = count(sessions, at - DAY, at)
    six_days = count(sessions, at - 7 * DAY, at) - day
    tenure = (at - people.first_seen[user]) / DAY
    day_class = sum(day >= edge for edge in (1, 2, 3, 5))
    six_day_class = sum(six_days >= edge for edge in (1, 3, 6, 11))
    tenure_class = sum(tenure >= edge for edge in (14, 30))
    recency = 1000 * math.log1p(observed / 3600 if hours is None else hours)
    number = recency_class + 9 * (day_class + 5 * (six_day_class + 5 * tenure_class))
    return number, math.floor(recency + 0.5)


def rates(people: People, user: str, metric: str, at: datetime) -> list[int | None]:
    """Return the six counts of a cell, and -1 for a baseline that is too short."""
    times = people.times.get((user, metric), [])
    unexposed = people.unexposed_times.get((user, metric), [])
    observed = math.floor((at - people.observed_from[user]).total_seconds())
    weeks = min(4, observed // (7 * 86400))
    matched = sum(
        count(times, at - k * 7 * DAY, at - k * 7 * DAY + POST)
        for k in range(1, weeks + 1)
    )
    long_seconds = min(86 * 86400, observed) - 30 * 86400
    unexposed_seconds = baseline_seconds(people, user, at)
    is_short = unexposed_seconds < SHORTEST.total_seconds()
    baseline = Fraction(30 * 86400 * count(unexposed, at - BASELINE, at))
    long = Fraction(56 * 86400 * count(times, at - LONG, at - BASELINE))
    return [
        count(times, at, at + POST),
        -1 if is_short else rounded(baseline / unexposed_seconds),
        rounded(Fraction(12 * matched, weeks)),
        count(times, at - 7 * DAY, at),
        count(times, at - DAY, at),
        rounded(long / long_seconds) if long_seconds >= 7 * 86400 else None,
    ]


def control_arm(people: People, user: str, at: datetime) -> str | None:
    """Tell what kind of control a person is at an instant, None if none."""
    sends = people.pushes[user]
    if people.observed_from[user] + SHORTEST > at:
        return None
    if any(at - POST <= sent < at + POST for sent in sends):
        return None
    is_reachable = any(at - REACHABLE <= sent < at for sent in sends)
    return "reachable" if is_reachable else "unreachable"


def control_subjects(
    people: People, recipients: list[tuple], campaign: str
) -> list[tuple]:
    """Return every control once, at the hour of the smallest hash.

    A subject is a person, a kind, the hour of the sends, the weeks before, the instant.
    """

    def stratum(user: str, at: datetime) -> int:
        is_short = baseline_seconds(people, user, at) < SHORTEST.total_seconds()
        return -1 if is_short else activity_stratum(people, user, at)[0]

    reached = defaultdict(set)
    for user, _, hour, _, at in recipients:
        reached[hour].add(stratum(user, at))
    subjects = []
    for user in people.observed_from:
        for weeks in WEEKS:
            found = {}
            for hour, strata in reached.items():
                at = hour - weeks * 7 * DAY
                arm = control_arm(people, user, at)
                if arm and stratum(user, at) in strata - {-1}:
                    text = f"{user}{campaign}{round(hour.timestamp())}"
                    digest = md5(text.encode(), usedforsecurity=False).hexdigest()
                    found[digest] = (user, arm, hour, weeks, at)
            if found:
                subjects.append(found[min(found)])
    return subjects


def sextile_edges(positive: list[int]) -> list[int]:
    """Return the largest value of each of the first five of six equal groups."""
    ordered, edges, start = sorted(positive), [], 0
    for group in range(6):
        size = len(ordered) // 6 + (group < len(ordered) % 6)
        if size and group < 5:
            edges.append(ordered[start + size - 1])
        start += size
    return edges


def matched_cells(
    people: People, campaign: str, recipients: list[dict], metrics: list[str]
) -> Counter:
    """Count the people of every cell of one campaign.

    Args:
        people: Everybody who counts.
        campaign: Its campaign_key.
        recipients: Rows of the campaign's included recipients: user_key, sent_at.
        metrics: Names of the metrics.

    Returns:
        How many people are in each (metric, arm, hour, weeks, stratum, counts), and
        under the same key followed by "recency" the sum of their recency.
    """
    subjects = []
    for row in recipients:
        user, at = row["user_key"], row["sent_at"]
        others = [sent for sent in people.pushes[user] if sent != at]
        is_overlapping = any(at - POST <= sent < at + POST for sent in others)
        hour = at.replace(minute=0, second=0, microsecond=0)
        subjects.append(
            (user, "overlapping" if is_overlapping else "recipient", hour, 0, at)
        )
    subjects += control_subjects(people, subjects, campaign)
    cells: Counter = Counter()
    for metric in metrics:
        measured = [
            (
                subject,
                rates(people, subject[0], metric, subject[4]),
                activity_stratum(people, subject[0], subject[4]),
            )
            for subject in subjects
        ]
        edges = sextile_edges(
            [
                counts[1]
                for subject, counts, _ in measured
                if subject[1] in ("recipient", "overlapping") and counts[1] > 0
            ]
        )
        placed = []
        for (_, arm, hour, weeks, _), counts, (number, recency) in measured:
            if counts[1] == -1:
                stratum, counts[1] = -1, 0
            else:
                rate_class = counts[1] > 0 and 1 + sum(
                    counts[1] > edge for edge in edges
                )
                stratum = number + 675 * rate_class
            placed.append((metric, arm, hour, weeks, stratum, *counts, recency))
        reached = {
            (cell[2], cell[4])
            for cell in placed
            if cell[1] in ("recipient", "overlapping")
        }
        for *cell, recency in placed:
            is_recipient = cell[1] in ("recipient", "overlapping")
            if is_recipient or (cell[4] != -1 and (cell[2], cell[4]) in reached):
                cells[tuple(cell)] += 1
                cells[*cell, "recency"] += recency
    return cells
