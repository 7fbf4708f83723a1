"""Recipients against users held out at random: the only proof of cause.

Both groups keep the users who got another push meanwhile: leaving them out of one
group alone would undo the lot. Left out of both are users without a baseline, who are
known before the push.
"""

from dataclasses import replace

import numpy as np
from scipy import stats

from steps.lift.adjusted.cuped import covariates, cuped_theta, post_rate
from steps.lift.adjusted.matched_lift import (
    Comparison,
    Match,
    adjusted_comparison,
    has_long_history,
)
from steps.lift.adjusted.strata import Cells, ratio
from steps.parameters import PushParameters


def sample_ratio_p(recipients: int, held_out: int, planned_share: float) -> float:
    """Test whether as many users were held out as planned (Fabijan et al. 2019).

    Args:
        recipients: Users who got the push.
        held_out: Users who were held out.
        planned_share: Share of all of them to hold out; NaN if none was planned.

    Returns:
        The p-value of the chi-square test; NaN if nobody was planned to be held out.
    """
    total = recipients + held_out
    if total == 0 or not 0 < planned_share < 1:
        return np.nan
    planned = total * np.array([1 - planned_share, planned_share])
    return float(stats.chisquare([recipients, held_out], planned).pvalue)


def compare_randomised(
    recipients: Cells, held_out: Cells, parameters: PushParameters
) -> Comparison:
    """Compare the two groups as wholes, theta fitted to both together."""
    has_history = has_long_history(recipients, parameters)
    known = recipients.with_baseline()
    both = Match(
        known.in_one_stratum(),
        held_out.with_baseline().in_one_stratum(),
        share=ratio(known.n, recipients.n),
    )
    theta = _pooled_theta(both, has_history, parameters)
    comparison = adjusted_comparison(both, theta, has_history, parameters)
    effect = replace(comparison.effect, df=_welch_df(comparison))
    return replace(comparison, effect=effect)


def _pooled_theta(
    both: Match, has_history: bool, parameters: PushParameters
) -> np.ndarray:
    """Fit theta with one intercept per group, so that the push cannot enter it."""
    groups = both.recipients, both.controls
    known = [covariates(cells, parameters, has_history) for cells in groups]
    return cuped_theta(
        np.concatenate([post_rate(cells, parameters) for cells in groups]),
        np.concatenate(known, axis=1),
        np.concatenate([cells.user_count for cells in groups]),
        np.repeat([0, 1], [len(cells.user_count) for cells in groups]),
        np.ones(len(groups)),
    )


def _welch_df(comparison: Comparison) -> float:
    """Return the degrees of freedom for unequal variances (Welch 1947)."""
    difference, both = comparison.difference, comparison.match
    parts = np.array([difference.recipient_variance, difference.control_variance])
    df = np.array([both.recipients.n, both.controls.n]) - 1
    return ratio(parts.sum() ** 2, np.sum(parts**2 / np.maximum(df, 1)))
