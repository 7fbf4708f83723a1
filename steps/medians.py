"""The median lift per campaign and metric, exactly, from a histogram of counts."""

import numpy as np
import pyarrow as pa

from loaders.errors import UserError
from steps.moments import HOURS_PER_DAY, KEYS, Moments, check_counts


def lift_medians(histogram: pa.Table, moments: Moments, post_hours: int) -> np.ndarray:
    """Return the median daily lift in the order of the moments' keys.

    Args:
        histogram: Recipients per campaign, metric, baseline length and pair of
            counts, in any order.
        moments: The moments of the same recipients.
        post_hours: Length of the window after the push.

    Raises:
        UserError: the histogram counts other recipients than the moments do.
    """
    check_counts(histogram, "agg_push_window_histogram")
    numbered = moments.keys.append_column("group", pa.array(np.arange(len(moments.n))))
    histogram = histogram.join(numbered, KEYS, join_type="left outer")
    group = histogram["group"].to_numpy()
    recipients = histogram["recipients"].to_numpy()
    if histogram["group"].null_count > 0 or not np.array_equal(
        np.bincount(group, recipients, minlength=len(moments.n)), moments.n
    ):
        raise UserError(
            "aggregates.agg_push_window_histogram and agg_push_window_sums count "
            "different recipients: run `dbt build` to make both anew"
        )
    lift = _daily_lift(histogram, post_hours)
    order = np.lexsort((lift, group))
    lift, ends = lift[order], np.cumsum(recipients[order])
    medians = np.full(len(moments.n), np.nan)
    n = moments.n[moments.n > 0]
    first = np.cumsum(n) - n
    # the two middle recipients, who are one and the same if their number is odd
    lower = lift[np.searchsorted(ends, first + (n - 1) // 2, side="right")]
    upper = lift[np.searchsorted(ends, first + n // 2, side="right")]
    medians[moments.n > 0] = (lower + upper) / 2
    return medians


def _daily_lift(histogram: pa.Table, post_hours: int) -> np.ndarray:
    """Return `24 y / post_hours - 24 x / h`, rounded once, so that ties stay ties."""
    hours = histogram["baseline_hours"].to_numpy()
    baseline = histogram["baseline_count"].to_numpy()
    post = histogram["post_count"].to_numpy()
    difference = post * hours - baseline * post_hours
    return HOURS_PER_DAY * difference / (post_hours * hours)
