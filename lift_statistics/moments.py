"""Exact means and variances of paired rates from integer sums.

A user with `y` events after a moment and `x` in the `h` hours before it has the daily
rates `Y = 24 y / post_hours` and `B = 24 x / h` and the lift `D = Y - B`. Rates with
different `h` are brought to one common denominator, so every sum stays an integer and
the only rounding is one division per result. Sums of squares in floating point can
even give a negative variance (NIST StRD NumAcc4).
"""

import math
from dataclasses import dataclass

import numpy as np

HOURS_PER_DAY = 24


@dataclass(frozen=True)
class PairedMoments:
    """Arrays with one element per group; rates are events per user and 24 hours.

    Attributes:
        n: Users.
        sum_post: Events after the moment.
        sum_baseline: Events before it.
        baseline_mean: Mean rate before.
        post_mean: Mean rate after.
        lift_mean: Mean difference of the two.
        baseline_variance: Sample variance of the rate before; NaN of a single user.
        post_variance: The same of the rate after.
        lift_variance: The same of the difference.
        covariance: Sample covariance of the two rates.
        correlation: Their correlation; NaN if one of them is always the same.
        t: Mean difference over its standard error; NaN if all differences are equal.
        is_constant: Whether all differences are equal.
        is_zero: Whether all differences are 0.
    """

    n: np.ndarray
    sum_post: np.ndarray
    sum_baseline: np.ndarray
    baseline_mean: np.ndarray
    post_mean: np.ndarray
    lift_mean: np.ndarray
    baseline_variance: np.ndarray
    post_variance: np.ndarray
    lift_variance: np.ndarray
    covariance: np.ndarray
    correlation: np.ndarray
    t: np.ndarray
    is_constant: np.ndarray
    is_zero: np.ndarray


def paired_moments(
    *,
    users: np.ndarray,
    baseline_hours: np.ndarray,
    sum_post: np.ndarray,
    sum_baseline: np.ndarray,
    sum_post_squared: np.ndarray,
    sum_baseline_squared: np.ndarray,
    sum_post_baseline: np.ndarray,
    starts: np.ndarray,
    post_hours: int,
) -> PairedMoments:
    """Combine strata of users with equally long baselines, without rounding.

    Args:
        users: Users of each stratum.
        baseline_hours: Hours before the moment in which they were counted.
        sum_post: Sum of their events after it.
        sum_baseline: Sum of their events before it.
        sum_post_squared: Sum of the squares of the former.
        sum_baseline_squared: Sum of the squares of the latter.
        sum_post_baseline: Sum of the products of the two.
        starts: Where each group begins: the strata of a group stand together.
        post_hours: Hours after the moment in which events were counted.

    Two users did 1 and 3 events in the 24 hours before, and 2 and 6 in those after:

    >>> moments = paired_moments(
    ...     users=np.array([2]), baseline_hours=np.array([24]),
    ...     sum_post=np.array([8]), sum_baseline=np.array([4]),
    ...     sum_post_squared=np.array([40]), sum_baseline_squared=np.array([10]),
    ...     sum_post_baseline=np.array([20]), starts=np.array([0]), post_hours=24,
    ... )
    >>> float(moments.lift_mean[0]), float(moments.lift_variance[0])
    (2.0, 2.0)
    """
    hours = _exact(baseline_hours)
    scale = math.lcm(post_hours, *set(hours))
    post_weight = scale // post_hours
    baseline_weight = scale // hours

    def total(values: np.ndarray, weight: np.ndarray | int = 1) -> np.ndarray:
        return np.add.reduceat(_exact(values) * weight, starts)

    n = total(users)
    post = total(sum_post, post_weight)
    baseline = total(sum_baseline, baseline_weight)
    post_squares = total(sum_post_squared, post_weight**2)
    baseline_squares = total(sum_baseline_squared, baseline_weight**2)
    products = total(sum_post_baseline, post_weight * baseline_weight)
    lift = post - baseline
    lift_squares = post_squares - 2 * products + baseline_squares

    # n times the sum of squared deviations: an exact integer, 0 if all are equal
    post_spread = n * post_squares - post**2
    baseline_spread = n * baseline_squares - baseline**2
    lift_spread = n * lift_squares - lift**2
    joint_spread = n * products - post * baseline

    def mean(values: np.ndarray) -> np.ndarray:
        return _quotient(HOURS_PER_DAY * values, n * scale)

    def variance(spread: np.ndarray) -> np.ndarray:
        return _quotient(HOURS_PER_DAY**2 * spread, n * (n - 1) * scale**2)

    squared_correlation = _quotient(joint_spread**2, post_spread * baseline_spread)
    squared_t = _quotient((n - 1) * lift**2, lift_spread)
    return PairedMoments(
        n=n.astype(np.int64),
        sum_post=total(sum_post).astype(np.int64),
        sum_baseline=total(sum_baseline).astype(np.int64),
        baseline_mean=mean(baseline),
        post_mean=mean(post),
        lift_mean=mean(lift),
        baseline_variance=variance(baseline_spread),
        post_variance=variance(post_spread),
        lift_variance=variance(lift_spread),
        covariance=variance(joint_spread),
        correlation=_sign(joint_spread) * np.sqrt(squared_correlation),
        t=_sign(lift) * np.sqrt(squared_t),
        is_constant=(lift_spread == 0).astype(bool),
        is_zero=(lift_squares == 0).astype(bool),
    )


def _exact(values: np.ndarray) -> np.ndarray:
    """Return Python integers, which have no largest value."""
    return values.astype(object)


def _quotient(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide integers, rounding once; NaN where there is nothing to divide by."""
    result = np.full(len(numerator), np.nan)
    is_defined = (denominator != 0).astype(bool)
    result[is_defined] = numerator[is_defined] / denominator[is_defined]
    return result


def _sign(values: np.ndarray) -> np.ndarray:
    return np.sign(values).astype(float)
