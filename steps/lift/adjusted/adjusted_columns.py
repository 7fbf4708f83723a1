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
from steps.lift.adjusted.verdicts import headline_status, silent_status
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
        rows["n_adjusted"],
        rows["n_post_active"],
        parameters,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            **_test(rows, silent == "", parameters),
            **_percent(rows, silent == "", parameters),
            **_everyone(rows, silent == "", parameters),
        }
    columns["headline_status"] = headline_status(
        silent, rows["lift"], columns["adj_q"], columns["adj_mde_pct"], parameters
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
        "adj_lift": rows["lift"],
        "adj_se": standard_error,
        "adj_df": rows["df"],
        "adj_lo": low,
        "adj_hi": high,
        "adj_p": p,
        "adj_q": q_values(p),
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
        "adj_pct": 100 * lift / without,
        "adj_pct_lo": 100 * low,
        "adj_pct_hi": 100 * high,
        "adj_mde_abs": detectable,
        "adj_mde_pct": 100 * detectable / without,
    }


def _everyone(
    rows: Columns, has_test: np.ndarray, parameters: PushParameters
) -> Columns:
    """Return the lift with the recipients of other pushes."""
    low, high = mean_interval(
        rows["all_lift"],
        np.sqrt(rows["all_variance"]),
        _test_df(rows["all_df"], rows["all_variance"], has_test),
        parameters.alpha,
    )
    return {"all_lift": rows["all_lift"], "all_lo": low, "all_hi": high}
