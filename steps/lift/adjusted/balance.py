"""Whether weighted controls are similar enough to stand for recipients."""

from dataclasses import dataclass

import numpy as np

from lift_statistics import p_values, weighted_regression
from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.comparison import Comparison
from steps.lift.adjusted.covariates import (
    covariate_squares,
    covariates,
    long_rate,
)
from steps.parameters import PushParameters


@dataclass(frozen=True)
class Balance:
    """How recipients and controls compare before the push, per covariate.

    Attributes:
        recipient_mean: Mean of the recipients.
        control_mean_before: Mean of the controls, each counting alike.
        control_mean_after: Weighted mean of the controls.
        smd_before: Standardised mean difference without weights; infinite where
            the controls all have one value that recipients do not share.
        smd_after: The same with them.
    """

    recipient_mean: np.ndarray
    control_mean_before: np.ndarray
    control_mean_after: np.ndarray
    smd_before: np.ndarray
    smd_after: np.ndarray

    @property
    def largest(self) -> float:
        """The largest difference that the weights left."""
        return float(np.max(np.abs(self.smd_after)))


@dataclass(frozen=True)
class HeldBackTest:
    """The difference before the baseline, in counts that nobody was weighted by.

    Attributes:
        difference_percent: In percent of the controls' mean; NaN if that is 0.
        p: Two-sided p-value of no difference; NaN if it cannot be tested.
    """

    difference_percent: float
    p: float


def balance(comparison: Comparison, parameters: PushParameters) -> Balance:
    """Describe recipients and controls by what they did before the push."""
    recipients, controls = comparison.support.recipients, comparison.support.controls
    known, known_of_controls = (
        covariates(cells, parameters) for cells in (recipients, controls)
    )
    squares = covariate_squares(recipients, known)
    control_squares = covariate_squares(controls, known_of_controls)
    equal = np.full(len(controls.user_count), 1 / controls.n)
    mean, variance = _weighted_moments(
        known, squares, recipients, np.full(len(recipients.user_count), 1.0)
    )
    is_shared = (
        (known_of_controls.min(axis=1) == known_of_controls.max(axis=1))
        & (known.min(axis=1) == known_of_controls.min(axis=1))
        & (known.max(axis=1) == known_of_controls.min(axis=1))
    )

    def compared(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        other_mean, other_variance = _weighted_moments(
            known_of_controls, control_squares, controls, weight
        )
        is_constant = known_of_controls.min(axis=1) == known_of_controls.max(axis=1)
        spread = np.sqrt(np.maximum(variance + other_variance, 0) / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            smd = np.where(is_constant, np.inf, (mean - other_mean) / spread)
        return other_mean, np.where(is_shared, 0, smd)

    before, smd_before = compared(equal)
    after, smd_after = compared(comparison.weight)
    return Balance(mean, before, after, smd_before, smd_after)


def held_back_test(comparison: Comparison, parameters: PushParameters) -> HeldBackTest:
    """Test whether controls did the same before the baseline.

    Users who were not observed then are left out: they have nothing to compare.
    """
    known = [
        ~np.isnan(cells.long_rate)
        for cells in (comparison.support.recipients, comparison.support.controls)
    ]
    recipients = comparison.support.recipients.where(known[0])
    controls = comparison.support.controls.where(known[1])
    if min(recipients.n, controls.n) < parameters.min_recipients:
        return HeldBackTest(np.nan, np.nan)
    weight = comparison.weight[known[1]]
    regression = weighted_regression(
        covariates(recipients, parameters),
        recipients.user_count,
        covariates(controls, parameters),
        controls.user_count,
        weight / np.sum(controls.user_count * weight),
    )
    effect = regression.effect(
        long_rate(recipients, parameters), long_rate(controls, parameters)
    )
    # nothing differs if nobody did anything
    is_same = effect.lift == 0 and effect.variance == 0
    t = 0.0 if is_same else ratio(effect.lift, np.sqrt(effect.variance))
    return HeldBackTest(
        difference_percent=100 * ratio(effect.lift, effect.post_mean - effect.lift),
        p=float(p_values(t, effect.df)),
    )


def _weighted_moments(
    values: np.ndarray, squares: np.ndarray, cells: Cells, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and sample variance of weighted users (Austin 2009, section 3.1)."""
    users = cells.user_count * weight
    total, squared = np.sum(users), np.sum(cells.user_count * weight**2)
    mean = np.einsum("in,n->i", values, users) / total
    spread = np.einsum("in,n->i", squares, users) - total * mean**2
    scale = ratio(total, total**2 - squared)
    return mean, scale * spread
