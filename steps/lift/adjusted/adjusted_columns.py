"""The columns of adjusted lift that follow from its estimates: tests and verdicts.

Like `observed_columns`, one array per column; NaN stands for what is not defined.
"""

import numpy as np

from lift_statistics import (
    fieller_interval,
    mean_interval,
    minimum_detectable_effect,
    p_values,
    q_values,
)
from steps.lift.adjusted.verdicts import cap_sensitivity, silent_status, verdicts
from steps.parameters import PushParameters

Columns = dict[str, np.ndarray]
# its estimates have no prefix
HEADLINE_COLUMNS = "adjusted_"


def adjusted_columns(
    rows: Columns, observed_status: np.ndarray, parameters: PushParameters
) -> Columns:
    """Return the tests, intervals and verdicts of all campaigns and metrics.

    Args:
        rows: The design of each, an array per name of `design_row`.
        observed_status: The status of the observed lift of each.
        parameters: The settings of the method.
    """
    silent = silent_status(
        observed_status,
        rows["design_tier"],
        rows["design_reason"],
        rows["matched_recipients"],
        rows["matched_active"],
        (rows["lift"] == 0) & (rows["variance"] == 0),
        parameters,
    )
    has_test = silent == ""
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            **_test(rows, "", has_test, parameters),
            **_percent(rows, "", has_test, parameters),
            **_detectable(rows, parameters),
            **_test(rows, "full_", has_test, parameters),
            **_percent(rows, "full_", has_test, parameters),
            **_interval(rows, "first_day_", has_test, parameters),
            **_interval(rows, "everyone_", has_test, parameters),
            **_points(rows, has_test, parameters),
        }
    columns["adjusted_df"] = rows["df"]
    columns["adjusted_q"] = q_values(columns["adjusted_p"])
    columns["cap_sensitivity"] = cap_sensitivity(columns, parameters.alpha)
    columns["verdict"] = verdicts(
        silent,
        rows["lift"],
        columns["adjusted_q"],
        columns["adjusted_detectable_percent"],
        parameters,
    )
    return columns


def _test_df(rows: Columns, prefix: str, has_test: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom; NaN, which ends every test, without variance."""
    has_variance = rows[f"{prefix}variance"] > 0
    return np.where(has_test & has_variance, rows[f"{prefix}df"], np.nan)


def _test(
    rows: Columns, prefix: str, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    name = prefix or HEADLINE_COLUMNS
    standard_error = np.sqrt(rows[f"{prefix}variance"])
    df = _test_df(rows, prefix, has_test)
    return {
        **_interval(rows, prefix, has_test, parameters),
        f"{name}se": standard_error,
        f"{name}p": p_values(rows[f"{prefix}lift"] / standard_error, df),
    }


def _interval(
    rows: Columns, prefix: str, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    name, lift = prefix or HEADLINE_COLUMNS, rows[f"{prefix}lift"]
    low, high = mean_interval(
        lift,
        np.sqrt(rows[f"{prefix}variance"]),
        _test_df(rows, prefix, has_test),
        parameters.alpha,
    )
    return {f"{name}lift": lift, f"{name}low": low, f"{name}high": high}


def _points(rows: Columns, has_test: np.ndarray, parameters: PushParameters) -> Columns:
    """Return the effect on the share of active users, in percentage points."""
    found = _interval(rows, "active_", has_test, parameters)
    return {
        "active_points": found["active_lift"],
        "active_points_low": found["active_low"],
        "active_points_high": found["active_high"],
    }


def _without_push(rows: Columns, prefix: str) -> np.ndarray:
    """Return what recipients would have done without the push; NaN if nothing."""
    without = rows[f"{prefix}post_mean"] - rows[f"{prefix}lift"]
    return np.where(without > 0, without, np.nan)


def _percent(
    rows: Columns, prefix: str, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    """Return the lift in percent of what recipients would have done without it."""
    name = prefix or HEADLINE_COLUMNS
    lift, variance, covariance = (
        rows[f"{prefix}{part}"] for part in ("lift", "variance", "covariance")
    )
    without = _without_push(rows, prefix)
    low, high = fieller_interval(
        lift,
        without,
        variance,
        variance + rows[f"{prefix}post_variance"] - 2 * covariance,
        covariance - variance,
        _test_df(rows, prefix, has_test),
        parameters.alpha,
    )
    return {
        f"{name}percent": 100 * lift / without,
        f"{name}percent_low": 100 * low,
        f"{name}percent_high": 100 * high,
    }


def _detectable(rows: Columns, parameters: PushParameters) -> Columns:
    """Return the smallest effect that the headline would probably show."""
    variance = rows["variance"]
    detectable = minimum_detectable_effect(
        np.where(variance > 0, np.sqrt(variance), np.nan),
        rows["df"],
        parameters.alpha,
        parameters.power,
    )
    return {
        "adjusted_detectable_lift": detectable,
        "adjusted_detectable_percent": 100 * detectable / _without_push(rows, ""),
    }
