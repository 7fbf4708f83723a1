"""The same comparison at dates without the push, and what it corrects.

At each placebo date reachable users play the recipients: they and the controls of that
date are weighted to look like the campaign's recipients before the push. What the
former do more than the latter there is no effect of the push, and estimates what is
left of the bias (empirical calibration, Schuemie et al. 2014).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from lift_statistics import Effect, weighted_regression
from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.comparison import Comparison, weights_towards
from steps.lift.adjusted.covariates import OUTCOMES, covariates, outcomes
from steps.parameters import PushParameters

MAX_EXTREME_DATES = 1
MAX_SHARE_OF_LIFT = 0.5


# what users of one arm do at a date, and its squared error, per outcome
Means = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class PlaceboDates:
    """One element per placebo date that has users to compare.

    Attributes:
        weeks_before: Weeks from the date to the push.
        lift: Difference of the two arms, per outcome, as the effect on it.
        variance: Its squared standard error, per outcome.
    """

    weeks_before: np.ndarray
    lift: dict[str, np.ndarray]
    variance: dict[str, np.ndarray]


@dataclass(frozen=True)
class Correction:
    """What the placebo dates say about an effect.

    Attributes:
        mean: The bias to subtract: the mean lift of the dates.
        sd: Standard deviation of their lifts.
        tau: The part of it that sampling does not explain.
        is_passed: Whether the dates look as if nothing but chance was left.
        effect: The corrected effect.
    """

    mean: float
    sd: float
    tau: float
    is_passed: bool
    effect: Effect


def placebo_dates(
    comparison: Comparison,
    selected: Cells,
    controls: Cells,
    parameters: PushParameters,
) -> PlaceboDates:
    """Compare selected users with controls at every placebo date.

    Args:
        comparison: The comparison at the push.
        selected: Users who could have got the push, at all dates.
        controls: The kind of users that the comparison has as controls, likewise.
        parameters: The settings of the method.
    """
    found: dict[int, list[Means]] = {}
    for weeks_before in range(1, parameters.placebo_weeks + 1):
        means = [
            _means(arm.where(arm.weeks_before == weeks_before), comparison, parameters)
            for arm in (selected, controls)
        ]
        if None not in means:
            found[weeks_before] = means
    dates = found.values()
    return PlaceboDates(
        weeks_before=np.array([*found], dtype=np.int64),
        lift={
            name: np.array([first[name][0] - other[name][0] for first, other in dates])
            for name in OUTCOMES
        },
        variance={
            name: np.array([first[name][1] + other[name][1] for first, other in dates])
            for name in OUTCOMES
        },
    )


def placebo_correction(
    effect: Effect, lift: np.ndarray, variance: np.ndarray, alpha: float
) -> Correction:
    """Subtract the mean placebo lift and widen the error by its uncertainty.

    Args:
        effect: The effect that the comparison at the push shows.
        lift: The lifts of at least two placebo dates.
        variance: Their squared standard errors.
        alpha: Level of the tests of the placebo dates.
    """
    number = len(lift)
    mean, spread = lift.mean(), lift.var(ddof=1)
    tau_squared = max(0.0, spread - variance.mean())
    # the comparison itself, the spread between dates, the sampling error of the dates
    parts = np.array(
        [
            effect.variance,
            tau_squared * (1 + 1 / number),
            variance.mean() / number,
        ]
    )
    df = np.array([effect.df, number - 1, number * effect.df])
    return Correction(
        mean=mean,
        sd=np.sqrt(spread),
        tau=np.sqrt(tau_squared),
        is_passed=_is_passed(effect, lift, variance + tau_squared, alpha),
        effect=replace(
            effect,
            lift=effect.lift - mean,
            variance=parts.sum(),
            # Satterthwaite; a single recipient has no variance to begin with
            df=ratio(parts.sum() ** 2, np.sum(parts**2 / np.maximum(df, 1))),
        ),
    )


def _is_passed(
    effect: Effect, lift: np.ndarray, variance: np.ndarray, alpha: float
) -> bool:
    """Tell whether few dates stand out and the bias is small beside the lift."""
    critical = stdtrit(effect.df, 1 - alpha / 2)
    is_extreme = np.abs(lift) > critical * np.sqrt(variance)
    is_significant = abs(effect.lift) > critical * np.sqrt(effect.variance)
    is_small = abs(lift.mean()) <= MAX_SHARE_OF_LIFT * abs(effect.lift)
    return bool(
        is_extreme.sum() <= MAX_EXTREME_DATES and (is_small or not is_significant)
    )


def _means(
    cells: Cells, comparison: Comparison, parameters: PushParameters
) -> Means | None:
    """Return what the users would have done with the recipients' past.

    Returns:
        The mean and its squared error per outcome; None without enough such users.
    """
    recipients = comparison.support.recipients
    cells = cells.where(np.isin(cells.support_cell, recipients.support_cell))
    if cells.n < parameters.min_controls_ess:
        return None
    weight = weights_towards(cells, comparison.scale, parameters)
    if weight is None:
        return None
    regression = weighted_regression(
        covariates(recipients, parameters),
        recipients.user_count,
        covariates(cells, parameters),
        cells.user_count,
        weight,
    )
    if regression.effective_size < parameters.min_controls_ess:
        return None
    done = outcomes(cells, comparison.caps, parameters)
    return {name: regression.weighted_mean(values) for name, values in done.items()}
