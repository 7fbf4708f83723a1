"""Exact means and variances from integer sums, per campaign and metric.

A recipient with `y` events after the push and `x` in the `h` hours before it has
the daily rates `Y = 24 y / post_hours` and `B = 24 x / h` and the lift `D = Y - B`.
Rates with different `h` are brought to one common denominator, so every sum stays
an integer and the only rounding is one division per result. Sums of squares in
floating point can even give a negative variance (NIST StRD NumAcc4).
"""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.errors import UserError

KEYS = ["campaign_key", "metric"]
HOURS_PER_DAY = 24


@dataclass(frozen=True)
class Moments:
    """Arrays with one element per campaign and metric, sorted by these keys."""

    keys: pa.Table
    n: np.ndarray
    sum_post: np.ndarray
    sum_baseline: np.ndarray
    post_active: np.ndarray
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


def exact_moments(sums: pa.Table, post_hours: int) -> Moments:
    """Combine the strata of `agg_push_window_sums` without rounding.

    Args:
        sums: One row per campaign, metric and baseline length, in any order.
        post_hours: Length of the window after the push.

    Raises:
        UserError: a count is missing or negative.
    """
    check_counts(sums, "agg_push_window_sums")
    sums = sums.sort_by([(key, "ascending") for key in KEYS])
    starts = group_starts(sums, KEYS)
    hours = _exact(sums, "baseline_hours")
    scale = math.lcm(post_hours, *set(hours))
    post_weight = scale // post_hours
    baseline_weight = scale // hours

    def total(column: str, weight: np.ndarray | int = 1) -> np.ndarray:
        return np.add.reduceat(_exact(sums, column) * weight, starts)

    n = total("recipients")
    post = total("sum_post", post_weight)
    baseline = total("sum_baseline", baseline_weight)
    post_squares = total("sum_post_squared", post_weight**2)
    baseline_squares = total("sum_baseline_squared", baseline_weight**2)
    products = total("sum_post_baseline", post_weight * baseline_weight)
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
    return Moments(
        keys=sums.select(KEYS).take(starts),
        n=n.astype(np.int64),
        sum_post=total("sum_post").astype(np.int64),
        sum_baseline=total("sum_baseline").astype(np.int64),
        post_active=total("post_active").astype(np.int64),
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


def check_counts(table: pa.Table, name: str) -> None:
    """Refuse a table of counts that holds what a count cannot be.

    Raises:
        UserError: a key or count is missing, a count is negative, or a baseline
            has no length.
    """
    for column in table.column_names:
        smallest = 1 if column == "baseline_hours" else 0
        values = table[column]
        is_wrong = values.null_count > 0
        if column not in KEYS and len(values) > 0 and not is_wrong:
            is_wrong = pc.min(values).as_py() < smallest
        if is_wrong:
            raise UserError(
                f"aggregates.{name} has an empty or impossible value in {column}: "
                "counts start at 0; run `dbt build` and mend what it reports"
            )


def group_starts(table: pa.Table, keys: list[str]) -> np.ndarray:
    """Return where each group begins in a table that is sorted by its keys."""
    changes = np.zeros(table.num_rows, dtype=bool)
    changes[:1] = True
    for key in keys:
        values = table[key].to_numpy()
        changes[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(changes)


def _exact(table: pa.Table, column: str) -> np.ndarray:
    """Return a column as Python integers, which have no largest value."""
    return table[column].to_numpy().astype(object)


def _quotient(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide integers, rounding once; NaN where there is nothing to divide by."""
    result = np.full(len(numerator), np.nan)
    is_defined = (denominator != 0).astype(bool)
    result[is_defined] = numerator[is_defined] / denominator[is_defined]
    return result


def _sign(values: np.ndarray) -> np.ndarray:
    return np.sign(values).astype(float)
