"""The observed lift against a baseline of the same weekdays and hours."""

import numpy as np
import pyarrow as pa

from lift_statistics import mean_test
from steps.lift.observed.moments import KEYS, Moments, exact_moments
from steps.parameters import PushParameters
from warehouse.errors import UserError


def matched_window_columns(
    lift: pa.Table, matched_sums: pa.Table, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Return the columns of the matched-window block by name.

    The rules for a test are those of the observed lift: enough recipients, enough of
    them active after the push, and no window that is still open.

    Args:
        lift: `lift.campaign_lift`, sorted by campaign and metric.
        matched_sums: `int_push_matched_window_sums`, in any order of its rows.
        parameters: The settings of the method.

    Returns:
        Arrays in the order of `lift`; NaN where nobody has a matched window.

    Raises:
        UserError: a count is missing or negative, or `lift` lacks a campaign.
    """
    moments = _aligned_moments(lift, matched_sums, parameters.post_hours)
    is_enough = (moments.n >= parameters.min_recipients) & (
        moments.post_active >= parameters.min_post_active
    )
    is_closed = lift["observed_status"].to_numpy() != "incomplete"
    has_test = (moments.n > 1) & (is_enough | moments.is_zero) & is_closed
    sd = np.sqrt(moments.lift_variance)
    test = mean_test(moments.lift_mean, sd, moments.n, has_test, parameters.alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        standard_error = sd / np.sqrt(moments.n)
        percent = 100 * moments.lift_mean / moments.baseline_mean
    return {
        "matched_window_recipients": moments.n,
        "matched_window_lift": moments.lift_mean,
        "matched_window_se": standard_error,
        "matched_window_p": test["p"],
        "matched_window_low": test["low"],
        "matched_window_high": test["high"],
        "matched_window_percent": np.where(moments.baseline_mean > 0, percent, np.nan),
    }


def _aligned_moments(
    lift: pa.Table, matched_sums: pa.Table, post_hours: int
) -> Moments:
    """Return moments of every row of `lift`: of nobody, where there are no sums."""
    zeros = pa.array(np.zeros(lift.num_rows, dtype=np.int64))
    nobody = {name: zeros for name in matched_sums.column_names}
    nobody |= {key: lift[key] for key in KEYS}
    nobody["baseline_hours"] = pa.array(np.full(lift.num_rows, post_hours))
    padding = pa.table(nobody, schema=matched_sums.schema)
    moments = exact_moments(pa.concat_tables([matched_sums, padding]), post_hours)
    if not moments.keys.equals(lift.select(KEYS)):
        raise UserError(
            "intermediate.int_push_matched_window_sums and int_push_window_sums count "
            "different campaigns: run `dbt build` to make both anew"
        )
    return moments
