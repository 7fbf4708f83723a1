"""How far each cohort came, step by step and in this order."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

from tests.integration.product_brute_force.days import share
from tests.integration.product_brute_force.people import Person
from tests.integration.product_brute_force.periods import next_start, start_of
from tests.integration.product_brute_force.profiles import Profile, profiles
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import (
    ACTIVITY,
    World,
    is_activation,
    midnight,
)

STEPS = (
    "signed_up",
    "basic_info",
    "experience",
    "education",
    "complete_profile",
    "first_activity",
    "engaged",
)


def activation_funnel(world: World) -> list[Row]:
    """Return agg_activation_funnel."""
    cohorts = defaultdict(list)
    scored = profiles(world)
    for person in world.counted:
        if person.account("chemlink"):
            times = _reached(world, person, scored[person.user_key])
            cohorts[start_of("month", times[0].date())].append(times)
    return [
        row
        for month, reached in cohorts.items()
        for row in _of_cohort(world, month, reached)
    ]


def _of_cohort(world: World, month: datetime, reached: list[list]) -> list[Row]:
    rows = []
    young_until = midnight(next_start("month", month)) + timedelta(days=90)
    for index, step in enumerate(STEPS):
        here = [times for times in reached if len(times) > index]
        waits = [
            (times[index] - times[index - 1]) / timedelta(hours=1) for times in here
        ]
        before = sum(len(times) >= index for times in reached)
        rows.append(
            {
                "cohort_month_start_date": month,
                "step_number": index + 1,
                "step": step,
                "users": len(here),
                "share_of_cohort": len(here) / len(reached),
                "step_conversion_share": share(len(here), before) if index else None,
                "median_hours_from_previous": median(waits) if index and here else None,
                "is_tracked": step != "engaged" or month >= world.tracked_from,
                "is_mature": young_until <= world.known_until(*ACTIVITY),
            }
        )
    return rows


def _reached(world: World, person: Person, profile: Profile) -> list[datetime]:
    """Return when somebody reached each step, up to the first one not reached."""
    actions = world.own_actions[person.user_key]
    times = [person.signup_at]
    for holds in (
        lambda at: profile.has_basic_info(),
        profile.has_experience,
        profile.has_education,
        profile.is_complete,
    ):
        at = _first_instant(world, profile, holds, times[-1])
        if at is None:
            return times
        times.append(at)
    activations = [
        one.at for one in actions if is_activation(one) and one.at >= times[-1]
    ]
    if not activations:
        return times
    times.append(activations[0])
    engaged_from = max(times[-1], actions[0].at + timedelta(days=30))
    times += [one.at for one in actions if one.at >= engaged_from][:1]
    return times


def _first_instant(
    world: World,
    profile: Profile,
    holds: Callable[[datetime], bool],
    since: datetime,
) -> datetime | None:
    began = max(since, profile.person["created_at"])
    candidates = [began, *(at for at in profile.changes if at > began)]
    return next((at for at in candidates if at <= world.as_of and holds(at)), None)
