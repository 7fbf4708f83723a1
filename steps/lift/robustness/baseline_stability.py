"""How stable the month before a push was, from the daily means of its audience.

One array per column, one element per campaign and metric; what is not defined is NaN.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lift_statistics import newey_west_slope
from steps.lift.observed.moments import KEYS
from steps.lift.robustness.daily_rates import (
    DAYS_PER_WEEK,
    daily_rates,
    days,
    placebo_lifts,
)
from steps.parameters import PushParameters

TREND_LAGS = 7
# a smaller standard error, as a share of the mean, is rounding
ROUNDING = 1e-12

Columns = dict[str, np.ndarray]


def stability_columns(
    lift: pa.Table, daily_response: pa.Table, parameters: PushParameters
) -> dict[str, np.ndarray | pa.Array]:
    """Return the columns of baseline stability by name.

    Args:
        lift: `lift.campaign_lift`, which gives the order of the results.
        daily_response: `agg_push_daily_response`, in any order of its rows.
        parameters: The settings of the method.
    """
    rates = daily_rates(lift.select(KEYS), daily_response, parameters)
    placebos = placebo_lifts(rates, parameters)
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            **_baseline_columns(rates[:, -days(parameters.baseline_hours) :]),
            **_placebo_columns(placebos, parameters),
        }
    finite = {
        name: np.where(np.isfinite(values), values, np.nan)
        for name, values in columns.items()
    }
    return finite | {"is_baseline_stable": _is_stable(finite, placebos, parameters)}


def _baseline_columns(rates: np.ndarray) -> Columns:
    mean = rates.mean(axis=1)
    deviation = rates - mean[:, np.newaxis]
    slope, standard_error = newey_west_slope(rates, TREND_LAGS)
    standard_error[standard_error <= ROUNDING * mean] = np.nan
    earlier, later = np.split(rates, [rates.shape[1] // 2], axis=1)
    weekday_means = np.stack(
        [rates[:, day::DAYS_PER_WEEK].mean(axis=1) for day in range(DAYS_PER_WEEK)]
    )
    autocovariance = np.sum(deviation[:, 1:] * deviation[:, :-1], axis=1)
    return {
        "baseline_cv": rates.std(axis=1, ddof=1) / mean,
        "trend_percent_per_week": 100 * DAYS_PER_WEEK * slope / mean,
        "trend_t": slope / standard_error,
        "ratio_last_week": rates[:, -DAYS_PER_WEEK:].mean(axis=1) / mean,
        "ratio_second_half": later.mean(axis=1) / earlier.mean(axis=1),
        "autocorrelation": autocovariance / np.sum(deviation**2, axis=1),
        "weekly_amplitude": weekday_means.max(axis=0) / weekday_means.min(axis=0),
    }


def _placebo_columns(placebos: np.ndarray, parameters: PushParameters) -> Columns:
    is_known = np.isfinite(placebos)
    weeks = is_known.sum(axis=1)
    mean = np.sum(placebos, axis=1, where=is_known) / weeks
    squares = np.sum((placebos - mean[:, np.newaxis]) ** 2, axis=1, where=is_known)
    is_enough = weeks >= parameters.min_placebo_weeks
    return {
        "observed_placebo_mean": np.where(is_enough, mean, np.nan),
        "observed_placebo_sd": np.where(
            is_enough, np.sqrt(squares / (weeks - 1)), np.nan
        ),
    }


def _is_stable(
    columns: Columns, placebos: np.ndarray, parameters: PushParameters
) -> pa.Array:
    """Check all limits: one that is broken decides, else one that is unknown."""
    weeks = np.maximum(np.isfinite(placebos).sum(axis=1), 1)
    ratio = columns["ratio_last_week"]
    limits = [
        (columns["baseline_cv"], parameters.max_baseline_cv),
        (np.abs(columns["trend_percent_per_week"]), parameters.max_trend_pct_per_week),
        (ratio, parameters.max_recent_ratio),
        (-ratio, -parameters.min_recent_ratio),
        # a lift on dates without a push: no more than its own chance error
        (
            np.abs(columns["observed_placebo_mean"]),
            2 * columns["observed_placebo_sd"] / np.sqrt(weeks),
        ),
    ]
    is_stable = pa.array(np.ones(len(ratio), dtype=bool))
    for value, limit in limits:
        is_within = pa.array(value <= limit, mask=np.isnan(value))
        is_stable = pc.and_kleene(is_stable, is_within)
    return is_stable
