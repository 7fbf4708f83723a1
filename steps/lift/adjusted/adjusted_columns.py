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
from steps.lift.adjusted.verdicts import silent_status, verdicts
from steps.parameters import PushParameters

Columns = dict[str, np.ndarray]


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
        parameters,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            **_test(rows, silent == "", parameters),
            **_percent(rows, silent == "", parameters),
            **_everyone(rows, silent == "", parameters),
        }
    columns["verdict"] = verdicts(
        silent,
        rows["lift"],
        columns["adjusted_q"],
        columns["adjusted_detectable_percent"],
        parameters,
    )
    return columns


def _test_df(df: np.ndarray, variance: np.ndarray, has_test: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom; NaN, which ends every test, without variance."""
    return np.where(has_test & (variance > 0), df, np.nan)


def _test(rows: Columns, has_test: np.ndarray, parameters: PushParameters) -> Columns:
    standard_error = np.sqrt(rows["variance"])
    df = _test_df(rows["df"], rows["variance"], has_test)
    p = p_values(rows["lift"] / standard_error, df)
    low, high = mean_interval(rows["lift"], standard_error, df, parameters.alpha)
    return {
        "adjusted_lift": rows["lift"],
        "adjusted_se": standard_error,
        "adjusted_df": rows["df"],
        "adjusted_low": low,
        "adjusted_high": high,
        "adjusted_p": p,
        "adjusted_q": q_values(p),
    }


def _percent(
    rows: Columns, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    """Return the lift in percent of what recipients would have done without it."""
    lift, variance, covariance = rows["lift"], rows["variance"], rows["covariance"]
    without = rows["post_mean"] - lift
    without = np.where(without > 0, without, np.nan)
    low, high = fieller_interval(
        lift,
        without,
        variance,
        variance + rows["post_variance"] - 2 * covariance,
        covariance - variance,
        _test_df(rows["df"], variance, has_test),
        parameters.alpha,
    )
    detectable = minimum_detectable_effect(
        np.where(variance > 0, np.sqrt(variance), np.nan),
        rows["df"],
        parameters.alpha,
        parameters.power,
    )
    return {
        "adjusted_percent": 100 * lift / without,
        "adjusted_percent_low": 100 * low,
        "adjusted_percent_high": 100 * high,
        "adjusted_detectable_lift": detectable,
        "adjusted_detectable_percent": 100 * detectable / without,
    }


def _everyone(
    rows: Columns, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    """Return the lift with the recipients of other pushes."""
    low, high = mean_interval(
        rows["everyone_lift"],
        np.sqrt(rows["everyone_variance"]),
        _test_df(rows["everyone_df"], rows["everyone_variance"], has_test),
        parameters.alpha,
    )
    return {
        "everyone_lift": rows["everyone_lift"],
        "everyone_low": low,
        "everyone_high": high,
    }
