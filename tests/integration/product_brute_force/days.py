"""The daily marts."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product

from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import (
    ACTIVITY,
    SEGMENTS,
    SIGNUPS,
    World,
    is_activation,
)

ONE_DAY = timedelta(days=1)


def share(part: float, whole: float) -> float | None:
    """Divide, if there is anything to divide by."""
    return part / whole if whole else None


def open_last(world: World, rows: list[Row], *systems: str) -> list[Row]:
    """Mark the rows of days; nothing is known of those that are open."""
    for row in rows:
        is_complete = world.is_known(row["metric_date"] + ONE_DAY, *systems)
        if not is_complete:
            row |= {
                name: None for name, value in row.items() if is_measured(name, value)
            }
        row["is_complete"] = is_complete
    return rows


def is_measured(name: str, value: object) -> bool:
    """Tell a number from what a row is of."""
    return name != "metric_date" and not isinstance(value, str)


def signups_between(
    world: World, members: set[str], first: date, last: date
) -> list[str]:
    """Return who of some people signed up in a stretch of days."""
    return [
        person.user_key
        for person in world.counted
        if person.user_key in members
        and person.signup_at
        and first <= person.signup_at.date() <= last
    ]


def active_between(world: World, members: set[str], first: date, last: date) -> set:
    """Return who of some people did something in a stretch of days."""
    days = (last - first).days + 1
    active = (
        world.active_on.get(first + timedelta(days=n), set()) for n in range(days)
    )
    return set().union(*active) & members


def activated_users(world: World) -> dict[str, datetime]:
    """Return who has activated by now, and when they did first."""
    ordered = sorted(world.activity, key=lambda one: one.at, reverse=True)
    return {one.user_key: one.at for one in ordered if is_activation(one)}


def activated_soon(world: World, activated: dict[str, datetime], user_key: str) -> bool:
    """Tell whether somebody activated within 30 days after the sign-up."""
    signup_at = world.people[user_key].signup_at
    return user_key in activated and activated[user_key] - signup_at < timedelta(30)


def daily_metrics(world: World) -> list[Row]:
    """Return agg_daily_metrics."""
    rows = []
    activated = activated_users(world)
    for segment in SEGMENTS:
        members = world.segment(segment)
        for day in world.days_since(world.first_day):
            signups = signups_between(world, members, day, day)
            of_them = sum(user in activated for user in signups)
            soon = None
            if world.is_known(day + timedelta(days=31), *SIGNUPS):
                soon = sum(activated_soon(world, activated, user) for user in signups)
            dau, wau, mau = (
                len(active_between(world, members, day - timedelta(days=n - 1), day))
                for n in (1, 7, 30)
            )
            tracked_days = (day - world.tracked_from).days + 1
            rows.append(
                {
                    "metric_date": day,
                    "user_type": segment,
                    "signups": len(signups),
                    "activated_signups": of_them,
                    "activation_share": share(of_them, len(signups)),
                    "activated_signups_30_days": soon,
                    "activation_share_30_days": (
                        None if soon is None else share(soon, len(signups))
                    ),
                    "total_users": len(signups_between(world, members, date.min, day)),
                    "dau": dau,
                    "wau": wau,
                    "mau": mau,
                    "stickiness": share(dau, mau) if tracked_days >= 30 else None,
                    "is_tracked": tracked_days >= 1,
                    "is_wau_tracked": tracked_days >= 7,
                    "is_mau_tracked": tracked_days >= 30,
                    "is_complete": world.is_known(day + ONE_DAY, *ACTIVITY),
                }
            )
            if not world.is_known(day + ONE_DAY, *SIGNUPS):
                rows[-1] |= dict.fromkeys(OF_SIGNUPS)
            if not rows[-1]["is_complete"]:
                rows[-1] |= dict.fromkeys(OF_ACTIVITY)
    return rows


OF_SIGNUPS = (
    "signups",
    "activated_signups",
    "activation_share",
    "total_users",
)
OF_ACTIVITY = ("dau", "wau", "mau", "stickiness")


def daily_activity(world: World) -> list[Row]:
    """Return agg_daily_activity."""
    return activity_rows(
        world, "metric_date", world.days_since(world.first_day), lambda day: day
    )


def activity_rows(
    world: World, column: str, starts: list[date], start_of: Callable[[date], date]
) -> list[Row]:
    """Count the activities of each type and the people behind them.

    Args:
        world: Where they happened.
        column: Name of the column of the period.
        starts: The first day of each period.
        start_of: Finds the first day of the period of a day.
    """
    actors: dict[tuple, list[str]] = defaultdict(list)
    first: dict[str, date] = {}
    for one in world.eligible_activity:
        start = start_of(one.at.date())
        actors[start, world.people[one.user_key].user_type, one.type].append(
            one.user_key
        )
        first[one.type] = min(first.get(one.type, start), start)
    after = dict(zip(starts, starts[1:], strict=False))
    rows = []
    for kind in first:
        systems = world.systems_of[kind]
        for start, segment in product(starts, SEGMENTS):
            if start < first[kind]:
                continue
            # the last period contains today, so nobody knows its end
            is_complete = start in after and world.is_known(after[start], *systems)
            users = actors[start, segment, kind]
            rows.append(
                {
                    column: start,
                    "user_type": segment,
                    "activity_type": kind,
                    "activity_count": len(users) if is_complete else None,
                    "actor_count": len(set(users)) if is_complete else None,
                    "is_tracked": "posthog" not in systems
                    or start >= world.tracked_from,
                    "is_complete": is_complete,
                }
            )
    return rows
