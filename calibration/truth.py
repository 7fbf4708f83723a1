"""What is true of a world: the lift that the method is to find."""

from dataclasses import dataclass

import numpy as np
from scipy.special import pdtrc

from calibration.world import World
from demo.world.scale import DAY


@dataclass(frozen=True)
class Truth:
    """The mean of recipients, in counts per user and 24 hours.

    Attributes:
        level: What they would have done without the push.
        lift: What it adds.
    """

    level: float
    lift: float


def true_lift(
    world: World,
    counted: np.ndarray,
    is_effective: bool,
    one_of: int = 1,
    cap: int | None = None,
) -> Truth:
    """Return what recipients do on average, by the rates that were drawn for them.

    Args:
        world: The world.
        counted: Positions of the recipients who count.
        is_effective: Whether the push does what `lift_by_day` says, or nothing.
        one_of: Of how many sessions the metric counts one.
        cap: The count above which nobody is counted; None for counts as they are.
    """
    user, at = world.recipients
    is_counted = np.isin(user, counted)
    user, at = user[is_counted], at[is_counted]
    without = world.expected_without_push(user, at)
    added = sum(
        lift * world.expected_sessions(user, at + day * DAY, at + (day + 1) * DAY)
        for day, lift in enumerate(world.lift_by_day)
    )
    level = _mean_count(without / one_of, cap)
    with_push = _mean_count((without + is_effective * added) / one_of, cap)
    days = len(world.lift_by_day)
    return Truth(level / days, (with_push - level) / days)


def _mean_count(expected: np.ndarray, cap: int | None) -> float:
    """Return the mean of Poisson counts, none of them counted above the cap."""
    if cap is None:
        return float(expected.mean())
    # the sum over k < cap of the chance to exceed k
    return float(sum(pdtrc(k, expected) for k in range(cap)).mean())
