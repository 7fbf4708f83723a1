"""The tables of the schema lift, computed from what dbt has counted."""

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.lift.adjusted.matched_cells import matched_cells
from steps.lift.inputs import read_inputs
from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.pooled.metric_correlation import metric_correlation
from steps.lift.pooled.pooled_lift import pooled_lift, shrunken_lift
from steps.lift.robustness.daily_rates import observed_placebo_lift
from steps.lift.robustness.lift_robustness import lift_robustness
from steps.lift.robustness.outliers import find_outliers
from steps.lift.robustness.user_outliers import read_user_outliers
from steps.parameters import PushParameters

RESULTS = [
    "campaign_lift",
    "adjusted_lift",
    "placebo_lift",
    "lift_robustness",
    "user_outliers",
    "pooled_lift",
    "shrunken_lift",
    "metric_correlation",
]
TABLES = [
    "seeds.push_parameters",
    "seeds.push_holdouts",
    "core.dim_campaigns",
    "core.fct_push_recipients",
    "intermediate.int_push_recipient_counts",
    "core.fct_push_windows",
    "intermediate.int_push_window_sums",
    "intermediate.int_push_window_histogram",
    "intermediate.int_push_matched_window_sums",
    "intermediate.int_push_matched_cells",
    "aggregates.agg_push_daily_response",
    *(f"lift.{name}" for name in RESULTS),
]


def compute_lift(
    connection: Connection, parameters: PushParameters
) -> dict[str, pa.Table]:
    """Compute the tables of the schema lift.

    Args:
        connection: A warehouse with all TABLES.
        parameters: The settings of the method.

    Returns:
        A table per name in RESULTS.

    Raises:
        UserError: the tables hold impossible counts.
    """
    inputs = read_inputs(connection)
    campaigns, daily_response = inputs.campaigns, inputs.daily_response
    observed = campaign_lift(inputs.sums, inputs.histogram, campaigns, parameters)
    designs = choose_designs(matched_cells(connection), campaigns, parameters)
    adjusted = adjusted_lift(observed, designs, campaigns, parameters)
    outliers = find_outliers(observed, inputs.histogram, parameters)
    observed_placebos = observed_placebo_lift(daily_response, parameters)
    layers = campaigns.select(["campaign_key", "layer_id"])
    return {
        "campaign_lift": observed,
        "adjusted_lift": adjusted,
        "placebo_lift": pa.concat_tables([observed_placebos, designs.placebo_lift]),
        "lift_robustness": lift_robustness(
            observed, outliers, inputs.matched_sums, daily_response, parameters
        ),
        "user_outliers": read_user_outliers(connection, outliers),
        "pooled_lift": pooled_lift(observed, adjusted, layers, parameters),
        "shrunken_lift": shrunken_lift(adjusted, parameters),
        "metric_correlation": metric_correlation(observed, adjusted, parameters),
    }
