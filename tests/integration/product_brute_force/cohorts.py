"""Who of those that signed up together came back."""

from collections import defaultdict
from datetime import timedelta

from tests.integration.product_brute_force.days import active_between
from tests.integration.product_brute_force.periods import (
    next_start,
    start_of,
    starts_since,
)
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import ACTIVITY, SIGNUPS, World


def cohort_retention(world: World) -> list[Row]:
    """Return agg_cohort_retention."""
    return [row for unit in ("week", "month") for row in _cohorts(world, unit)]


def _cohorts(world: World, unit: str) -> list[Row]:
    cohorts = defaultdict(set)
    for person in world.counted:
        if person.signup_at:
            start = start_of(unit, person.signup_at.date())
            cohorts[start].add(person.user_key)
    rows = []
    for start, members in cohorts.items():
        for number, period in enumerate(starts_since(world, unit, start)):
            after = next_start(unit, period)
            active = active_between(world, members, period, after - timedelta(days=1))
            is_mature = world.is_known(after, *ACTIVITY)
            is_whole = world.is_known(next_start(unit, start), *SIGNUPS)
            rows.append(
                {
                    "cohort_period": unit,
                    "cohort_start_date": start,
                    "periods_since_signup": number,
                    "cohort_size": len(members) if is_whole else None,
                    "active_users": len(active) if is_mature else None,
                    "cohort_retention_share": len(active) / len(members)
                    if is_mature
                    else None,
                    "is_tracked": period >= world.tracked_from,
                    "is_mature": is_mature,
                }
            )
    return rows
