"""What is known of the counted people of a warehouse."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.integration.conftest import Warehouse

POST = timedelta(hours=48)


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
        "select user_key, sent_at from core.fct_notifications order by 2"
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
