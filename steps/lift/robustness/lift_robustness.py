"""What becomes of the observed lift under other baselines and without outliers."""

import pyarrow as pa

from steps.lift.columns import table_of
from steps.lift.observed.moments import KEYS
from steps.lift.robustness.baseline_stability import stability_columns
from steps.lift.robustness.matched_window import matched_window_columns
from steps.lift.robustness.outlier_columns import outlier_columns
from steps.lift.robustness.outliers import Outliers
from steps.parameters import PushParameters

TEXT, COUNT, DOUBLE, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
LEFT = ["lift", "sd", "t", "p", "lo", "hi"]
RULES = ["iqr", "z", "modified_z"]
# in the order of the table lift.lift_robustness
SCHEMA = pa.schema(
    {"campaign_key": TEXT, "metric": TEXT}
    | {"n": COUNT, "sum_post": COUNT, "sum_baseline": COUNT, "mw_n": COUNT}
    | {f"mw_{name}": DOUBLE for name in ["lift", "se", "p", "lo", "hi", "pct"]}
    | {
        name: kind
        for rule in RULES
        for name, kind in (
            {f"{rule}_n_removed": COUNT, f"{rule}_removed_share": DOUBLE}
            | {f"{rule}_{name}": DOUBLE for name in LEFT}
            | {f"{rule}_status": TEXT}
        ).items()
    }
    | {"cap_level": DOUBLE, "cap_n_removed": COUNT}
    | {f"cap_{name}": DOUBLE for name in LEFT}
    | {"cap_status": TEXT, "outlier_sensitivity": TEXT}
    | {
        "baseline_cv": DOUBLE,
        "trend_pct_per_week": DOUBLE,
        "trend_t": DOUBLE,
        "ratio_last7_30": DOUBLE,
        "ratio_h2_h1": DOUBLE,
        "autocorr_lag1": DOUBLE,
        "weekly_amplitude": DOUBLE,
        "naive_placebo_mean": DOUBLE,
        "naive_placebo_sd": DOUBLE,
        "is_baseline_stable": FLAG,
    }
)


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
        The rows of `lift.lift_robustness`, in the order of `lift`.

    Raises:
        UserError: the counts are impossible or contradict each other.
    """
    values = {
        **{name: lift[name] for name in [*KEYS, "n", "sum_post", "sum_baseline"]},
        **matched_window_columns(lift, matched_sums, parameters),
        **outlier_columns(lift, outliers, parameters),
        **stability_columns(lift, daily_response, parameters),
    }
    return table_of(values, SCHEMA)
