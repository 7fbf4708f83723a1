"""The daily marts."""

from datetime import date, datetime, timedelta

from tests.warehouse.product_brute_force.sources import Row
from tests.warehouse.product_brute_force.world import SEGMENTS, World, is_activation


def share(part: float, whole: float) -> float | None:
    """Divide, if there is anything to divide by."""
    return part / whole if whole else None


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
            if world.has_passed(day + timedelta(days=31)):
                soon = sum(activated_soon(world, activated, user) for user in signups)
            dau, wau, mau = (
                len(active_between(world, members, day - timedelta(days=n - 1), day))
                for n in (1, 7, 30)
            )
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
                    "stickiness": share(dau, mau),
                }
            )
    return rows


def daily_activity(world: World) -> list[Row]:
    """Return agg_daily_activity."""
    return activity_rows(world, "metric_date", lambda day: day)


def activity_rows(world: World, column: str, period: type) -> list[Row]:
    """Count the activities of each type and the people behind them."""
    actors: dict[tuple, list[str]] = {}
    for one in world.counted_activity:
        segment = world.people[one.user_key].user_type
        cell = (period(one.at.date()), segment, one.type)
        actors.setdefault(cell, []).append(one.user_key)
    return [
        {
            column: start,
            "user_type": segment,
            "activity_type": kind,
            "activity_count": len(users),
            "actor_count": len(set(users)),
        }
        for (start, segment, kind), users in actors.items()
    ]
