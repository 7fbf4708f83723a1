"""Recipients against controls who are weighted until they look like them.

Controls are kept where recipients are too (common support), weighted so that what is
known before the push is the same on average (`lift_statistics.balancing`), and compared
by a regression with these weights.
"""

from dataclasses import dataclass

import numpy as np

from lift_statistics import (
    Effect,
    WeightedRegression,
    balancing_weights,
    weighted_regression,
)
from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.covariates import (
    Caps,
    caps,
    covariates,
    outcomes,
    with_history,
)
from steps.parameters import PushParameters

# one control is nobody to weigh against another
MIN_CONTROLS = 2


@dataclass(frozen=True)
class Scale:
    """How covariates are standardised: by the mean and deviation of the recipients."""

    mean: np.ndarray
    deviation: np.ndarray

    def apply(self, known: np.ndarray) -> np.ndarray:
        """Standardise covariates, one row each."""
        return (known - self.mean[:, None]) / self.deviation[:, None]


@dataclass(frozen=True)
class Support:
    """The recipients and controls of the support cells that have both.

    Attributes:
        recipients: Cells of the recipients who have somebody to be compared with.
        controls: Cells of those controls.
        share: Such recipients per recipient; NaN without recipients.
    """

    recipients: Cells
    controls: Cells
    share: float


@dataclass(frozen=True)
class Comparison:
    """Recipients and weighted controls.

    Attributes:
        support: The users.
        scale: How their covariates were standardised.
        weight: The weight of each control user before the regression.
        has_history: Whether the time before the baseline is in the regression.
        regression: The regression.
        caps: The counts above which nobody is counted.
        effects: The effect on every outcome.
    """

    support: Support
    scale: Scale
    weight: np.ndarray
    has_history: bool
    regression: WeightedRegression
    caps: Caps
    effects: dict[str, Effect]


def common_support(recipients: Cells, controls: Cells) -> Support:
    """Keep the support cells with a recipient and at least two controls."""
    recipients_known, controls_known = (
        recipients.with_baseline(),
        controls.with_baseline(),
    )
    size = 1 + max(
        recipients_known.support_cell.max(initial=0),
        controls_known.support_cell.max(initial=0),
    )
    recipient_users, control_users = (
        np.bincount(cells.support_cell, cells.user_count, size)
        for cells in (recipients_known, controls_known)
    )
    has_both = (recipient_users > 0) & (control_users >= MIN_CONTROLS)
    kept = recipients_known.where(has_both[recipients_known.support_cell])
    return Support(
        recipients=kept,
        controls=controls_known.where(has_both[controls_known.support_cell]),
        share=ratio(kept.n, recipients.n),
    )


def scale_of(support: Support, parameters: PushParameters) -> Scale:
    """Return the recipients' means and deviations.

    What does not vary among them is measured in deviations of the controls.
    """
    mean, deviation = _moments(support.recipients, parameters)
    _, others = _moments(support.controls, parameters)
    deviation = np.where(deviation > 0, deviation, others)
    return Scale(mean, np.where(deviation > 0, deviation, 1))


def weights_towards(
    controls: Cells, scale: Scale, parameters: PushParameters
) -> np.ndarray | None:
    """Weigh controls so that their covariates have the recipients' means.

    Args:
        controls: At least one user.
        scale: The recipients' means, and the scale to measure differences in.
        parameters: The settings of the method.

    Returns:
        The weight of each user of a cell; None if no such weights are found.
    """
    known = covariates(controls, parameters)
    varies = known.min(axis=1) < known.max(axis=1)
    standardised = scale.apply(known)[varies]
    found = balancing_weights(
        standardised,
        controls.user_count,
        np.zeros(len(standardised)),
        parameters.balance_ridge,
        parameters.max_newton_steps,
    )
    return found.weight if found.is_converged else None


def compare(
    support: Support, parameters: PushParameters, is_history_used: bool = True
) -> Comparison | None:
    """Compare recipients with controls who are weighted to look like them.

    Args:
        support: The users.
        parameters: The settings of the method.
        is_history_used: Whether the time before the baseline may be in the regression.

    Returns:
        The comparison; None if no weights are found.
    """
    scale = scale_of(support, parameters)
    weight = weights_towards(support.controls, scale, parameters)
    if weight is None:
        return None
    return weighted_comparison(support, scale, weight, parameters, is_history_used)


def weighted_comparison(
    support: Support,
    scale: Scale,
    weight: np.ndarray,
    parameters: PushParameters,
    is_history_used: bool = True,
) -> Comparison:
    """Compare recipients with controls of these weights; the rest as in `compare`."""
    recipients, controls = support.recipients, support.controls
    known = [covariates(cells, parameters) for cells in (recipients, controls)]
    has_history = is_history_used and _has_history(recipients, parameters)
    if has_history:
        known = [
            with_history(values, cells, parameters)
            for values, cells in zip(known, (recipients, controls), strict=True)
        ]
    regression = weighted_regression(
        known[0], recipients.user_count, known[1], controls.user_count, weight
    )
    limits = caps(recipients, controls, parameters)
    done = outcomes(recipients, limits, parameters)
    done_by_controls = outcomes(controls, limits, parameters)
    effects = {
        name: regression.effect(done[name], done_by_controls[name]) for name in done
    }
    return Comparison(support, scale, weight, has_history, regression, limits, effects)


def _has_history(recipients: Cells, parameters: PushParameters) -> bool:
    """Tell whether enough recipients were observed long before the push."""
    known = recipients.where(~np.isnan(recipients.long_rate))
    return ratio(known.n, recipients.n) >= parameters.min_matched_share


def _moments(cells: Cells, parameters: PushParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and population deviation of each covariate."""
    known = covariates(cells, parameters)
    share = cells.user_count / cells.n
    mean = np.einsum("in,n->i", known, share)
    is_constant = known.min(axis=1) == known.max(axis=1)
    squares = np.einsum("in,n->i", (known - mean[:, None]) ** 2, share)
    return mean, np.where(is_constant, 0, np.sqrt(squares))
