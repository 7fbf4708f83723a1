"""How complete the profiles were day by day, and whether it went with activity."""

from datetime import datetime, timedelta
from math import sqrt
from statistics import mean, median

from tests.integration.product_brute_force.days import (
    active_between,
    open_last,
    share,
)
from tests.integration.product_brute_force.profiles import COMPLETE, profiles
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import ACTIVITY, World, midnight

BANDS = ((0, 24), (25, 49), (50, 69), (70, 100))
ACTIVE_DAYS = 30


def profile_completion(world: World) -> list[Row]:
    """Return agg_profile_completion."""
    everybody = profiles(world)
    if not everybody:
        return []
    members = [one for key, one in everybody.items() if world.counts(key)]
    first = min(one.person["created_at"] for one in everybody.values()).date()
    rows = []
    for day in world.days_since(first):
        there = [
            one for one in members if world.happened_by(one.person["created_at"], day)
        ]
        # the last instant of the day
        until = min(
            midnight(day + timedelta(days=1)) - datetime.resolution, world.as_of
        )
        scores = {one.user_key: one.score_at(until) for one in there}
        complete = sum(score >= COMPLETE for score in scores.values())
        rows.append(
            {
                "metric_date": day,
                "users": len(there),
                "average_score": mean(scores.values()) if there else None,
                "median_score": median(scores.values()) if there else None,
                "complete_users": complete,
                "complete_share": share(complete, len(there)),
                **{
                    f"score_{low}_to_{high}_users": sum(
                        low <= score <= high for score in scores.values()
                    )
                    for low, high in BANDS
                },
                "known_share": share(
                    sum(one.known_from <= until for one in there), len(there)
                ),
                "correlation_with_activity": _correlation(world, day, scores),
            }
        )
    return open_last(world, rows, "chemlink")


def _correlation(world: World, day: datetime, scores: dict[str, int]) -> float | None:
    last = day + timedelta(days=ACTIVE_DAYS)
    first = day + timedelta(days=1)
    if first < world.tracked_from or not world.is_known(
        last + timedelta(days=1), *ACTIVITY
    ):
        return None
    active = active_between(world, set(scores), first, last)
    return pearson([(score, user in active) for user, score in scores.items()])


def pearson(pairs: list[tuple[float, float]]) -> float | None:
    """Return the correlation, if both sides vary."""
    if not pairs:
        return None
    mean_x, mean_y = (
        mean(float(value) for value in side) for side in zip(*pairs, strict=True)
    )
    sum_xy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    sum_xx = sum((x - mean_x) ** 2 for x, _ in pairs)
    sum_yy = sum((y - mean_y) ** 2 for _, y in pairs)
    return sum_xy / sqrt(sum_xx * sum_yy) if sum_xx and sum_yy else None
