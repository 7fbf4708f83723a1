"""Daily means of an audience, and the observed lift of pushes that never were.

Days are counted from each recipient's push: day -1 is the 24 hours before it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lift_statistics import HOURS_PER_DAY
from steps.lift.columns import table_of
from steps.lift.observed.moments import KEYS
from steps.parameters import PushParameters

DAYS_PER_WEEK = 7


def days(hours: int) -> int:
    """Return how many days a window of the parameters has."""
    return hours // HOURS_PER_DAY


def daily_rates(
    keys: pa.Table, daily_response: pa.Table, parameters: PushParameters
) -> np.ndarray:
    """Return the events per recipient of every day that a placebo push can need.

    Args:
        keys: The campaigns and metrics that results are for, each of them once.
        daily_response: `agg_push_daily_response`, in any order of its rows.
        parameters: The settings of the method.

    Returns:
        One row per key and one column per day, the last of them day -1. NaN where too
        few recipients were observed to tell a mean.
    """
    length = DAYS_PER_WEEK * parameters.placebo_weeks + days(parameters.baseline_hours)
    numbered = keys.append_column("row", pa.array(np.arange(keys.num_rows)))
    is_usable = (
        (pc.field("days_after") < 0)
        & (pc.field("days_after") >= -length)
        & (pc.field("recipients") >= parameters.min_recipients)
    )
    usable = daily_response.filter(is_usable).join(numbered, KEYS, join_type="inner")
    rates = np.full((keys.num_rows, length), np.nan)
    rates[usable["row"].to_numpy(), usable["days_after"].to_numpy()] = (
        usable["events"].to_numpy() / usable["recipients"].to_numpy()
    )
    return rates


def placebo_lifts(rates: np.ndarray, parameters: PushParameters) -> np.ndarray:
    """Return the observed lift as if the push had been 1, 2, .. weeks earlier.

    Args:
        rates: Daily rates until day -1, one row per campaign and metric.
        parameters: The settings of the method.

    Returns:
        One column per week, the nearest first; NaN where history is missing.
    """
    post_days = days(parameters.post_hours)
    baseline_days = days(parameters.baseline_hours)
    lifts = np.empty((len(rates), parameters.placebo_weeks))
    for week in range(1, parameters.placebo_weeks + 1):
        push = rates.shape[1] - DAYS_PER_WEEK * week
        post = rates[:, push : push + post_days].mean(axis=1)
        baseline = rates[:, push - baseline_days : push].mean(axis=1)
        lifts[:, week - 1] = post - baseline
    return lifts


def observed_placebo_lift(
    daily_response: pa.Table, parameters: PushParameters
) -> pa.Table:
    """Return the rows of kind `observed` of `lift.placebo_lift`.

    Args:
        daily_response: `agg_push_daily_response`, in any order of its rows.
        parameters: The settings of the method.

    Returns:
        One row per campaign, metric and week with a full history, in this order.
        Daily sums do not tell a standard error: it is null.
    """
    keys = daily_response.group_by(KEYS).aggregate([])
    keys = keys.sort_by([(key, "ascending") for key in KEYS])
    lifts = placebo_lifts(daily_rates(keys, daily_response, parameters), parameters)
    row, week = np.nonzero(np.isfinite(lifts))
    return table_of(
        {
            **{key: keys[key].take(pa.array(row)) for key in KEYS},
            "weeks_before": week + 1,
            "kind": ["observed"] * len(row),
            "lift": lifts[row, week],
            "se": pa.nulls(len(row), pa.float64()),
        }
    )
