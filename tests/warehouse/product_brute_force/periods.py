"""The weekly and monthly marts: every distinct number counted anew."""

from datetime import date, timedelta

from tests.warehouse.product_brute_force.days import (
    activated_users,
    active_between,
    activity_rows,
    share,
    signups_between,
)
from tests.warehouse.product_brute_force.sources import Row
from tests.warehouse.product_brute_force.world import SEGMENTS, World

ONE_DAY = timedelta(days=1)


def start_of(unit: str, day: date) -> date:
    """Return the Monday or the first of the month."""
    return day - day.weekday() * ONE_DAY if unit == "week" else day.replace(day=1)


def next_start(unit: str, start: date) -> date:
    """Return the first day of the next period."""
    return start_of(unit, start + timedelta(days=7 if unit == "week" else 31))


def starts_since(world: World, unit: str, day: date) -> list[date]:
    """Return the starts of all periods from that of a day to that of today."""
    starts = [start_of(unit, day)]
    while next_start(unit, starts[-1]) <= world.today:
        starts.append(next_start(unit, starts[-1]))
    return starts


def period_metrics(world: World, unit: str) -> list[Row]:
    """Return agg_weekly_metrics or agg_monthly_metrics."""
    return [row for segment in SEGMENTS for row in _of_segment(world, unit, segment)]


def _of_segment(world: World, unit: str, segment: str) -> list[Row]:
    rows: list[Row] = []
    members = world.segment(segment)
    activated = set(activated_users(world))
    previous: set[str] = set()
    ever: set[str] = set()
    for start in starts_since(world, unit, world.first_day):
        after = next_start(unit, start)
        last = min(after - ONE_DAY, world.today)
        signups = signups_between(world, members, start, last)
        total = len(signups_between(world, members, date.min, last))
        active = active_between(world, members, start, last)
        days = [
            day for day in world.days_since(world.first_day) if start <= day <= last
        ]
        dau = [len(world.active_on.get(day, set()) & members) for day in days]
        before = rows[-1] if rows else None
        is_complete = world.has_passed(after)
        rows.append(
            {
                f"{unit}_start_date": start,
                "user_type": segment,
                "signups": len(signups),
                "activated_signups": len(activated & set(signups)),
                "activation_share": share(len(activated & set(signups)), len(signups)),
                "total_users": total,
                "active_users": len(active),
                "average_dau": sum(dau) / len(dau),
                "stickiness": share(sum(dau) / len(dau), len(active)),
                "signup_growth_share": _growth(before, "signups", len(signups)),
                "user_growth_share": _growth(before, "total_users", total),
                "retained_users": len(active & previous),
                "retention_share": share(len(active & previous), len(previous)),
                "churned_users": len(previous - active),
                "new_active_users": len(active - ever),
                "returned_users": len((active & ever) - previous),
                "is_complete": is_complete,
            }
        )
        if not is_complete:
            rows[-1] |= dict.fromkeys(NOT_KNOWN_YET)
        previous = active
        ever |= active
    return rows


NOT_KNOWN_YET = (
    "signup_growth_share",
    "user_growth_share",
    "retention_share",
    "churned_users",
)


def _growth(before: Row | None, measure: str, now: int) -> float | None:
    return now / before[measure] - 1 if before and before[measure] else None


def period_activity(world: World, unit: str) -> list[Row]:
    """Return agg_weekly_activity or agg_monthly_activity."""
    column = f"{unit}_start_date"
    rows = activity_rows(world, column, lambda day: start_of(unit, day))
    for row in rows:
        row["is_complete"] = world.has_passed(next_start(unit, row[column]))
    return rows
