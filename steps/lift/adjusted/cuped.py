"""CUPED: what earlier counts foretell of the count after the push.

Subtracting the foretold part leaves differences between arms as they are and makes
them more precise (Deng, Xu, Kohavi & Walker 2013; Lin 2013).
"""

import numpy as np

from lift_statistics import HOURS_PER_DAY, weighted_moments
from steps.lift.adjusted.strata import Cells
from steps.lift.robustness.daily_rates import DAYS_PER_WEEK
from steps.parameters import PushParameters

# matched_rate counts as many windows, which one to four weeks divide exactly
MATCHED_WINDOWS = 12
RIDGE = 1e-9
COVARIATES = ("baseline", "matched", "week", "day", "root_baseline")
LONG_COVARIATES = (*COVARIATES, "long", "root_long")


def post_rate(cells: Cells, parameters: PushParameters) -> np.ndarray:
    """Return the events per user and 24 hours after the push."""
    return HOURS_PER_DAY * cells.post_count / parameters.post_hours


def long_rate(cells: Cells, parameters: PushParameters) -> np.ndarray:
    """Return the same of the time before the baseline; NaN if it is not known."""
    hours = parameters.long_hours - parameters.baseline_hours
    return HOURS_PER_DAY * cells.long_rate / hours


def covariates(
    cells: Cells, parameters: PushParameters, has_history: bool
) -> np.ndarray:
    """Return what is known of each cell's users before the push, per 24 hours.

    Args:
        cells: The users.
        parameters: The settings of the method.
        has_history: Whether the time before the baseline is used too.

    Returns:
        One row per name in COVARIATES or LONG_COVARIATES, one column per cell.
    """
    baseline = HOURS_PER_DAY * cells.baseline_rate / parameters.baseline_hours
    matched_hours = MATCHED_WINDOWS * parameters.post_hours
    rows = [
        baseline,
        HOURS_PER_DAY * cells.matched_rate / matched_hours,
        cells.week_count / DAYS_PER_WEEK,
        cells.day_count,
        np.sqrt(baseline),
    ]
    if has_history:
        history = long_rate(cells, parameters)
        # the best guess for the few users who are too new to have one
        history = np.where(np.isnan(history), baseline, history)
        rows += [history, np.sqrt(history)]
    return np.array(rows)


def cuped_theta(
    outcome: np.ndarray,
    predictors: np.ndarray,
    users: np.ndarray,
    group: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Fit weighted least squares within groups: every group has its own intercept.

    A ridge, too small to show in any result, decides between predictors that say
    the same.

    Args:
        outcome: One value per element.
        predictors: One row per predictor, one column per element.
        users: How many users each element stands for.
        group: The group of each element.
        weight: What a user of each group weighs.

    Returns:
        One coefficient per predictor; 0 where no predictor varies within a group.
    """
    number = len(predictors)
    # what does not vary in a group is exactly 0 here, and so is its coefficient
    centred = np.array(
        [
            values - weighted_moments(values, users, group, len(weight)).mean[group]
            for values in (*predictors, outcome)
        ]
    )
    # no BLAS: its threads add up in an order of their own
    products = np.einsum("in,jn->ij", centred * users * weight[group], centred)
    ridge = RIDGE * np.trace(products[:number, :number]) / number
    if ridge == 0:
        return np.zeros(number)
    return np.linalg.solve(
        products[:number, :number] + ridge * np.eye(number), products[:number, number]
    )
