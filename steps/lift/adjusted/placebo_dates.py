"""The same comparison at dates without the push, and what it corrects.

At each placebo date the campaign's audience is selected again: reachable users, in
the campaign's strata and proportions. What they do more than the controls there is
no effect of the push, and estimates what is left of the bias (empirical calibration,
Schuemie et al. 2014).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from lift_statistics import weighted_moments
from steps.lift.adjusted.matched_lift import Comparison, Effect, residual
from steps.lift.adjusted.strata import Cells, ratio
from steps.parameters import PushParameters

# a mean and a variance on both sides
MIN_USERS = 2
MAX_EXTREME_DATES = 1
MAX_SHARE_OF_LIFT = 0.5


@dataclass(frozen=True)
class PlaceboDates:
    """One element per placebo date that has users to compare.

    Attributes:
        weeks_before: Weeks from the date to the push.
        lift: Adjusted difference, in events per user and 24 hours.
        variance: Its squared standard error.
    """

    weeks_before: np.ndarray
    lift: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class Correction:
    """What the placebo dates say about a comparison.

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
        comparison: The comparison at the push: its strata, proportions and theta.
        selected: Users who could have got the push, at all dates.
        controls: The kind of users that the comparison has as controls, likewise.
        parameters: The settings of the method.
    """
    recipients = comparison.match.recipients.stratum_users
    dates = parameters.placebo_weeks, len(recipients)
    n, mean, variance = _moments_by_date(selected, comparison, dates, parameters)
    control_n, control_mean, control_variance = _moments_by_date(
        controls, comparison, dates, parameters
    )
    has_both = (n >= MIN_USERS) & (control_n >= MIN_USERS)
    weight = np.where(has_both, recipients, 0)
    is_usable = weight.sum(axis=1) > 0
    share = weight[is_usable] / weight[is_usable].sum(axis=1, keepdims=True)

    def total(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.sum(weights * np.where(has_both, values, 0)[is_usable], axis=1)

    return PlaceboDates(
        weeks_before=1 + np.flatnonzero(is_usable),
        lift=total(share, mean - control_mean),
        variance=total(share**2, variance + control_variance),
    )


def placebo_correction(effect: Effect, dates: PlaceboDates, alpha: float) -> Correction:
    """Subtract the mean placebo lift and widen the error by its uncertainty.

    Args:
        effect: The effect that the comparison at the push shows.
        dates: At least two placebo dates.
        alpha: Level of the tests of the placebo dates.
    """
    number = len(dates.lift)
    mean, spread = dates.lift.mean(), dates.lift.var(ddof=1)
    tau_squared = max(0.0, spread - dates.variance.mean())
    # the comparison itself, the spread between dates, the sampling error of the dates
    parts = np.array(
        [
            effect.variance,
            tau_squared * (1 + 1 / number),
            dates.variance.mean() / number,
        ]
    )
    df = np.array([effect.df, number - 1, number * effect.df])
    return Correction(
        mean=mean,
        sd=np.sqrt(spread),
        tau=np.sqrt(tau_squared),
        is_passed=_is_passed(effect, dates, tau_squared, alpha),
        effect=replace(
            effect,
            lift=effect.lift - mean,
            variance=parts.sum(),
            # Satterthwaite; a single recipient has no variance to begin with
            df=ratio(parts.sum() ** 2, np.sum(parts**2 / np.maximum(df, 1))),
        ),
    )


def _is_passed(
    effect: Effect, dates: PlaceboDates, tau_squared: float, alpha: float
) -> bool:
    """Tell whether few dates stand out and the bias is small beside the lift."""
    critical = stdtrit(effect.df, 1 - alpha / 2)
    is_extreme = np.abs(dates.lift) > critical * np.sqrt(dates.variance + tau_squared)
    is_significant = abs(effect.lift) > critical * np.sqrt(effect.variance)
    is_small = abs(dates.lift.mean()) <= MAX_SHARE_OF_LIFT * abs(effect.lift)
    return bool(
        is_extreme.sum() <= MAX_EXTREME_DATES and (is_small or not is_significant)
    )


def _moments_by_date(
    cells: Cells,
    comparison: Comparison,
    shape: tuple[int, int],
    parameters: PushParameters,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return users, mean residual and its squared error per date and stratum."""
    cells = cells.where((cells.weeks_before >= 1) & (cells.weeks_before <= shape[0]))
    values = residual(cells, comparison.theta, comparison.has_history, parameters)
    group = (cells.weeks_before - 1) * shape[1] + cells.stratum
    moments = weighted_moments(values, cells.user_count, group, shape[0] * shape[1])
    variance = moments.sd**2 / np.maximum(moments.n, 1)
    return tuple(array.reshape(shape) for array in (moments.n, moments.mean, variance))
