"""The columns of observed lift: test, intervals, effect sizes and power.

Every function takes the moments of all campaigns and metrics at once and returns
one array per column; what is not defined is NaN, which the table stores as null.
"""

import numpy as np

from lift_statistics import (
    d_z_interval,
    fieller_interval,
    hedges_correction,
    log10_p_values,
    mean_interval,
    minimum_detectable_effect,
    p_values,
    pairs_required,
    q_values,
    t_test_power,
)
from steps.lift.observed.moments import Moments
from steps.parameters import PushParameters

SMALLEST_SAMPLE = 3
LARGEST_SAMPLE = 2**53


def observed_columns(
    moments: Moments, is_incomplete: np.ndarray, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Return the columns of the observed block by name.

    Args:
        moments: The moments of all campaigns and metrics.
        is_incomplete: Whether recipients are missing whose window is still open.
        parameters: The settings of the method.
    """
    status = _observed_status(moments, is_incomplete, parameters)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "observed_status": status,
            **_levels(moments),
            **_test(moments, status, parameters),
            **_percent(moments, status, parameters),
            **_effect_sizes(moments, status, parameters),
            **_power(moments, parameters),
        }


def _observed_status(
    moments: Moments, is_incomplete: np.ndarray, parameters: PushParameters
) -> np.ndarray:
    """Say whether the test of a row means anything, and if not, why."""
    conditions = {
        "incomplete": is_incomplete,
        "degenerate": (moments.n == 0) | ((moments.n > 1) & moments.is_constant),
        "too_few_recipients": moments.n < max(parameters.min_recipients, 2),
        "too_few_events": moments.post_active < parameters.min_post_active,
    }
    return np.select(list(conditions.values()), list(conditions), "ok")


def _is_unchanged(moments: Moments) -> np.ndarray:
    """Mark rows where nobody changed: nothing to test, but surely no lift."""
    return (moments.n > 1) & moments.is_zero


def _has_test(moments: Moments, status: np.ndarray) -> np.ndarray:
    """Mark rows that show a p-value and intervals."""
    return (status == "ok") | ((status == "degenerate") & _is_unchanged(moments))


def _levels(moments: Moments) -> dict[str, np.ndarray]:
    sd = np.sqrt(moments.lift_variance)
    return {
        "recipients": moments.n,
        "sum_post": moments.sum_post,
        "sum_baseline": moments.sum_baseline,
        "baseline_mean": moments.baseline_mean,
        "post_mean": moments.post_mean,
        "baseline_sd": np.sqrt(moments.baseline_variance),
        "post_sd": np.sqrt(moments.post_variance),
        "rate_correlation": moments.correlation,
        "observed_lift": moments.lift_mean,
        "observed_sd": sd,
        "observed_se": sd / np.sqrt(moments.n),
        "observed_t": moments.t,
        "observed_df": np.where(moments.n > 1, moments.n - 1.0, np.nan),
    }


def _test(
    moments: Moments, status: np.ndarray, parameters: PushParameters
) -> dict[str, np.ndarray]:
    has_test = _has_test(moments, status)
    df = np.where(has_test, moments.n - 1.0, np.nan)
    t = np.where(_is_unchanged(moments), 0, moments.t)
    p = p_values(t, df)
    standard_error = np.sqrt(moments.lift_variance / moments.n)
    low, high = mean_interval(moments.lift_mean, standard_error, df, parameters.alpha)
    return {
        "observed_p": p,
        "observed_log10_p": log10_p_values(t, df),
        "observed_q": q_values(p),
        "observed_family_size": np.where(has_test, has_test.sum(), np.nan),
        "observed_low": low,
        "observed_high": high,
    }


def _percent(
    moments: Moments, status: np.ndarray, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Return the lift in percent of the baseline: a ratio of means, not of users."""
    has_baseline = moments.baseline_mean > 0
    has_interval = has_baseline & _has_test(moments, status)
    baseline_mean = np.where(has_baseline, moments.baseline_mean, np.nan)
    low, high = fieller_interval(
        moments.post_mean,
        baseline_mean,
        moments.post_variance / moments.n,
        moments.baseline_variance / moments.n,
        moments.covariance / moments.n,
        np.where(has_interval, moments.n - 1.0, np.nan),
        parameters.alpha,
    )
    conditions = {
        "not_available": moments.n == 0,
        "zero_baseline": ~has_baseline,
        "ok": has_interval & np.isfinite(low),
        "unbounded": has_interval,
    }
    return {
        "observed_percent": 100 * moments.lift_mean / baseline_mean,
        "observed_percent_low": 100 * (low - 1),
        "observed_percent_high": 100 * (high - 1),
        "observed_percent_status": np.select(
            list(conditions.values()), list(conditions), "not_available"
        ),
    }


def _effect_sizes(
    moments: Moments, status: np.ndarray, parameters: PushParameters
) -> dict[str, np.ndarray]:
    effect_size = moments.t / np.sqrt(moments.n)
    low, high = d_z_interval(
        np.where(status == "ok", moments.t, np.nan), moments.n, parameters.alpha
    )
    mean_sd = (np.sqrt(moments.baseline_variance) + np.sqrt(moments.post_variance)) / 2
    return {
        "effect_size": effect_size,
        "effect_size_hedges": effect_size * hedges_correction(moments.n - 1.0),
        "effect_size_low": low,
        "effect_size_high": high,
        "effect_size_average_sd": moments.lift_mean
        / np.where(mean_sd > 0, mean_sd, np.nan),
    }


def _power(moments: Moments, parameters: PushParameters) -> dict[str, np.ndarray]:
    """Return what this sample can show, where there is a baseline to add to."""
    sd = np.where(moments.is_constant, np.nan, np.sqrt(moments.lift_variance))
    baseline_mean = np.where(moments.baseline_mean > 0, moments.baseline_mean, np.nan)
    effect = parameters.target_lift * baseline_mean / sd
    required = np.ceil(pairs_required(effect, parameters.alpha, parameters.power))
    detectable = minimum_detectable_effect(
        sd / np.sqrt(moments.n),
        moments.n - 1.0,
        parameters.alpha,
        parameters.power,
    )
    return {
        "power_at_target": t_test_power(effect, moments.n, parameters.alpha),
        "required_recipients": np.where(
            required <= LARGEST_SAMPLE, np.maximum(required, SMALLEST_SAMPLE), np.nan
        ),
        "observed_detectable_lift": detectable,
        "observed_detectable_percent": 100 * detectable / baseline_mean,
    }
