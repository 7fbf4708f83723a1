"""The weekly and monthly marts: every distinct number counted anew."""

from datetime import date, timedelta

from tests.integration.product_brute_force.days import (
    ONE_DAY,
    activated_users,
    active_between,
    activity_rows,
    share,
    signups_between,
)
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import (
    ACTIVITY,
    SEGMENTS,
    SIGNUPS,
    World,
)


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
        is_tracked = start >= world.tracked_from
        row = {
            f"{unit}_start_date": start,
            "user_type": segment,
            "signups": len(signups),
            "activated_signups": len(activated & set(signups)),
            "activation_share": share(len(activated & set(signups)), len(signups)),
            "total_users": total,
            "active_users": len(active),
            "average_dau": sum(dau) / len(dau),
            "stickiness": share(sum(dau) / len(dau), len(active))
            if is_tracked
            else None,
            "signup_growth_share": _growth(before, "signups", len(signups)),
            "user_growth_share": _growth(before, "total_users", total),
            "retained_users": len(active & previous),
            "retention_share": share(len(active & previous), len(previous)),
            "churned_users": len(previous - active),
            "new_active_users": len(active - ever),
            "returned_users": len((active & ever) - previous),
            "is_tracked": is_tracked,
            "is_complete": world.is_known(after, *ACTIVITY),
        }
        if not world.is_known(after, *SIGNUPS):
            row |= dict.fromkeys(OF_SIGNUPS)
        if not row["is_complete"]:
            row |= dict.fromkeys((*OF_ACTIVITY, *COMPARED))
        if not (before or row)["is_tracked"]:
            row |= dict.fromkeys(COMPARED)
        rows.append(row)
        previous = active
        ever |= active
    return rows


OF_SIGNUPS = (
    "signups",
    "activated_signups",
    "activation_share",
    "total_users",
    "signup_growth_share",
    "user_growth_share",
)
OF_ACTIVITY = ("active_users", "average_dau", "stickiness")
COMPARED = (
    "retained_users",
    "retention_share",
    "churned_users",
    "new_active_users",
    "returned_users",
)


def _growth(before: Row | None, measure: str, now: int) -> float | None:
    return now / before[measure] - 1 if before and before[measure] else None


def period_activity(world: World, unit: str) -> list[Row]:
    """Return agg_weekly_activity or agg_monthly_activity."""
    starts = starts_since(world, unit, world.first_day)
    return activity_rows(
        world, f"{unit}_start_date", starts, lambda day: start_of(unit, day)
    )
