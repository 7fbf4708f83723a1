"""What becomes of the observed lift under other baselines and without outliers."""

import pyarrow as pa

from steps.lift.columns import table_of
from steps.lift.observed.moments import KEYS
from steps.lift.robustness.baseline_stability import stability_columns
from steps.lift.robustness.matched_window import matched_window_columns
from steps.lift.robustness.outlier_columns import outlier_columns
from steps.lift.robustness.outliers import Outliers
from steps.parameters import PushParameters


def lift_robustness(
    lift: pa.Table,
    outliers: Outliers,
    matched_sums: pa.Table,
    daily_response: pa.Table,
    parameters: PushParameters,
) -> pa.Table:
    """Compute the sensitivity of every campaign's and metric's observed lift.

    Args:
        lift: `lift.campaign_lift`, sorted by campaign and metric.
        outliers: The outliers of the same campaigns and metrics.
        matched_sums: `int_push_matched_window_sums`, in any order of its rows.
        daily_response: `agg_push_daily_response`, in any order of its rows.
        parameters: The settings of the method.

    Returns:
        Further columns of `lift.campaign_lift`, in the order of `lift`.

    Raises:
        UserError: the counts are impossible or contradict each other.
    """
    values = {
        **{name: lift[name] for name in KEYS},
        **matched_window_columns(lift, matched_sums, parameters),
        **outlier_columns(lift, outliers, parameters),
        **stability_columns(lift, daily_response, parameters),
    }
    return table_of(values)
