"""Whether matched controls are enough, and similar enough, to stand for recipients."""

from dataclasses import dataclass

import numpy as np

from lift_statistics import p_values
from steps.lift.adjusted.cuped import long_rate
from steps.lift.adjusted.matched_lift import (
    Comparison,
    Match,
    match,
    matched_difference,
)
from steps.lift.adjusted.strata import Cells, ratio
from steps.parameters import PushParameters


@dataclass(frozen=True)
class Balance:
    """How controls compare with recipients before the push.

    Attributes:
        effective_controls: Kish's effective sample size of the weighted controls.
        smd_recency: Standardised mean difference of the time since the last activity.
        smd_rate: The same of the baseline rate.
        smd_week: The same of the rate in the last week.
    """

    effective_controls: float
    smd_recency: float
    smd_rate: float
    smd_week: float


@dataclass(frozen=True)
class HeldBackTest:
    """The difference before the baseline, in counts that nobody was matched by.

    Attributes:
        difference_pct: In percent of the controls' mean; NaN if that is 0.
        p: Two-sided p-value of no difference; NaN if it cannot be tested.
    """

    difference_pct: float
    p: float


def balance(matched: Match) -> Balance:
    """Describe matched users by what they did before the push."""
    return Balance(
        effective_controls=ratio(matched.recipients.n**2, _squared_weights(matched)),
        smd_recency=_standardised_difference(matched, "recency"),
        smd_rate=_standardised_difference(matched, "baseline_rate"),
        smd_week=_standardised_difference(matched, "week_count"),
    )


def held_back_test(comparison: Comparison, parameters: PushParameters) -> HeldBackTest:
    """Test whether controls did the same before the baseline, stratum by stratum.

    Users who were not observed then are left out: they have nothing to compare.
    """
    if not comparison.has_history:
        return HeldBackTest(np.nan, np.nan)
    recipients, controls = comparison.match.recipients, comparison.match.controls
    known = match(
        recipients.where(~np.isnan(recipients.long_rate)),
        controls.where(~np.isnan(controls.long_rate)),
    )
    rate = long_rate(known.recipients, parameters)
    difference = matched_difference(known, rate, long_rate(known.controls, parameters))
    mean = known.recipients.mean(rate)
    standard_error = np.sqrt(difference.variance)
    t = ratio(difference.mean, standard_error)
    # nothing differs if nobody did anything
    if difference.mean == 0 and standard_error == 0:
        t = 0.0
    return HeldBackTest(
        difference_pct=100 * ratio(difference.mean, mean - difference.mean),
        p=float(p_values(t, known.recipients.n - 1)),
    )


def _standardised_difference(matched: Match, name: str) -> float:
    """Return the mean difference over the pooled standard deviation (Austin 2009)."""
    recipients, controls = matched.recipients, matched.controls
    value, square = _mean_and_square(recipients, name)
    control_value, control_square = _mean_and_square(controls, name)
    # stratum by stratum and from whole numbers, so that no difference is exactly 0
    difference = matched_difference(matched, value, control_value).mean
    if difference == 0:
        return 0.0
    n = recipients.n
    weight = matched.weight[controls.stratum] * controls.user_count
    variance = ratio(_spread(recipients.user_count, value, square), n - 1)
    control_variance = ratio(
        n * _spread(weight, control_value, control_square),
        n**2 - _squared_weights(matched),
    )
    return ratio(difference, np.sqrt(max(variance + control_variance, 0) / 2))


def _mean_and_square(cells: Cells, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of a value, and of its square, over the users of each cell."""
    if name == "recency":
        return (
            cells.recency_sum / cells.user_count,
            cells.recency_squares / cells.user_count,
        )
    counts = getattr(cells, name)
    return counts, counts**2


def _spread(weights: np.ndarray, values: np.ndarray, squares: np.ndarray) -> float:
    """Sum squared differences from the weighted mean."""
    total = np.sum(weights * values)
    return np.sum(weights * squares) - ratio(total**2, np.sum(weights))


def _squared_weights(matched: Match) -> float:
    """Sum the squared weights of all controls."""
    return float(np.sum(matched.weight**2 * matched.controls.stratum_users))
