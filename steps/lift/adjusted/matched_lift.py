"""Recipients against similar users without the push: a difference in differences.

Coarsened exact matching (Iacus, King & Porro 2012): users are compared within their
stratum only, and every control of a stratum counts for recipients / controls users.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steps.lift.adjusted.cuped import covariates, cuped_theta, post_rate
from steps.lift.adjusted.strata import Cells, ratio
from steps.parameters import PushParameters

# one control has a mean but no variance, so its stratum counts as unmatched
MIN_CONTROLS = 2


@dataclass(frozen=True)
class Match:
    """The recipients and controls of the strata that have both.

    Attributes:
        recipients: Cells of the matched recipients.
        controls: Cells of their controls.
        share: Matched recipients per recipient; NaN without recipients.
    """

    recipients: Cells
    controls: Cells
    share: float

    @cached_property
    def weight(self) -> np.ndarray:
        """How many recipients a control stands for, per stratum."""
        return self.recipients.stratum_users / np.maximum(
            self.controls.stratum_users, 1
        )


@dataclass(frozen=True)
class Difference:
    """Mean difference between recipients and controls.

    Attributes:
        mean: The difference.
        recipient_variance: What the recipients add to its squared standard error.
        control_variance: What the controls add.
        excess: Per cell of recipients, what they have above their controls' mean.
    """

    mean: float
    recipient_variance: float
    control_variance: float
    excess: np.ndarray

    @property
    def variance(self) -> float:
        """The squared standard error."""
        return self.recipient_variance + self.control_variance


@dataclass(frozen=True)
class Effect:
    """An estimate of what the push changed, in events per recipient and 24 hours.

    Attributes:
        lift: The estimate.
        variance: Its squared standard error.
        df: Degrees of freedom of that.
        post_mean: What the recipients did after the push.
        post_variance: Squared standard error of that.
        covariance: Covariance of the lift and `post_mean`.
    """

    lift: float
    variance: float
    df: float
    post_mean: float
    post_variance: float
    covariance: float


@dataclass(frozen=True)
class Comparison:
    """Matched recipients and controls, adjusted by what came before the push.

    Attributes:
        match: The users.
        theta: Coefficients of the covariates, in the order of their names.
        has_history: Whether the time before the baseline is one of them.
        difference: The adjusted difference.
        effect: The same as an estimate of the push's effect.
    """

    match: Match
    theta: np.ndarray
    has_history: bool
    difference: Difference
    effect: Effect


def match(recipients: Cells, controls: Cells) -> Match:
    """Keep the strata with a recipient and at least two controls."""
    has_both = (recipients.stratum_users > 0) & (controls.stratum_users >= MIN_CONTROLS)
    matched = recipients.where(has_both[recipients.stratum])
    return Match(
        recipients=matched,
        controls=controls.where(has_both[controls.stratum]),
        share=ratio(matched.n, recipients.n),
    )


def matched_difference(
    matched: Match, recipient_values: np.ndarray, control_values: np.ndarray
) -> Difference:
    """Compare a value of the recipients with its mean in their stratum's controls.

    Args:
        matched: The users.
        recipient_values: One value per cell of recipients.
        control_values: One value per cell of controls.

    Returns:
        The difference; its variances are NaN if there are fewer than two recipients.
    """
    recipients = matched.recipients
    controls = matched.controls.stratum_moments(control_values)
    excess = recipient_values - controls.mean[recipients.stratum]
    is_matched = controls.n > 0
    share = recipients.stratum_users[is_matched] / max(recipients.n, 1)
    control_variance = controls.sd[is_matched] ** 2 / controls.n[is_matched]
    return Difference(
        mean=recipients.mean(excess),
        recipient_variance=_covariance_of_means(recipients, excess, excess),
        control_variance=float(np.sum(share**2 * control_variance)),
        excess=excess,
    )


def has_long_history(recipients: Cells, parameters: PushParameters) -> bool:
    """Tell whether enough recipients were observed long before the push."""
    known = recipients.where(~np.isnan(recipients.long_rate))
    return ratio(known.n, recipients.n) >= parameters.min_matched_share


def compare(
    recipients: Cells, controls: Cells, parameters: PushParameters
) -> Comparison:
    """Match recipients with controls and fit theta to the controls alone."""
    has_history = has_long_history(recipients, parameters)
    matched = match(recipients, controls)
    theta = cuped_theta(
        post_rate(matched.controls, parameters),
        covariates(matched.controls, parameters, has_history),
        matched.controls.user_count,
        matched.controls.stratum,
        matched.weight,
    )
    return adjusted_comparison(matched, theta, has_history, parameters)


def adjusted_comparison(
    matched: Match, theta: np.ndarray, has_history: bool, parameters: PushParameters
) -> Comparison:
    """Compare what theta leaves of the counts after the push.

    The degrees of freedom are those of the recipients, who are the smaller sample.
    """
    difference = matched_difference(
        matched,
        residual(matched.recipients, theta, has_history, parameters),
        residual(matched.controls, theta, has_history, parameters),
    )
    recipients = matched.recipients
    post = post_rate(recipients, parameters)
    effect = Effect(
        lift=difference.mean,
        variance=difference.variance,
        df=recipients.n - 1.0,
        post_mean=recipients.mean(post),
        post_variance=_covariance_of_means(recipients, post, post),
        covariance=_covariance_of_means(recipients, difference.excess, post),
    )
    return Comparison(matched, theta, has_history, difference, effect)


def residual(
    cells: Cells, theta: np.ndarray, has_history: bool, parameters: PushParameters
) -> np.ndarray:
    """Return the daily rate after the push less what theta foretells of it."""
    known = covariates(cells, parameters, has_history)
    return post_rate(cells, parameters) - np.einsum("i,in->n", theta, known)


def _covariance_of_means(cells: Cells, first: np.ndarray, second: np.ndarray) -> float:
    """Return the covariance of two means; NaN with fewer than two users."""
    deviations = [
        values - cells.in_one_stratum().stratum_moments(values).mean
        for values in (first, second)
    ]
    products = np.sum(cells.user_count * np.multiply(*deviations))
    return ratio(products, cells.n * max(cells.n - 1, 0))
