"""Recipients against users held out at random: the only proof of cause.

Both groups keep the users who got another push meanwhile: leaving them out of one
group alone would undo the lot. Left out of both are users without a baseline, who are
known before the push.
"""

import numpy as np
from scipy import stats

from steps.lift.adjusted.cells import Cells, ratio
from steps.lift.adjusted.comparison import (
    Comparison,
    Support,
    scale_of,
    weighted_comparison,
)
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
    """Compare the two groups as wholes: the lot has weighted the held-out users.

    The regression only makes the difference more precise (Lin 2013).
    """
    known, others = recipients.with_baseline(), held_out.with_baseline()
    support = Support(known, others, share=ratio(known.n, recipients.n))
    equal = np.full(len(others.user_count), 1 / others.n)
    scale = scale_of(support, parameters)
    return weighted_comparison(support, scale, equal, parameters)
