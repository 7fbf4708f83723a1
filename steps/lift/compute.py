"""The tables of the schema lift, computed from what dbt has counted."""

import numpy as np
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.lift.adjusted.matched_cells import matched_cells
from steps.lift.columns import beside
from steps.lift.inputs import read_inputs
from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.observed.moments import KEYS
from steps.lift.pooled.metric_correlation import metric_correlation
from steps.lift.pooled.pooled_lift import pooled_lift, shrunken_lift
from steps.lift.pooled.series_lift import series_lift
from steps.lift.robustness.daily_rates import observed_placebo_lift
from steps.lift.robustness.lift_robustness import lift_robustness
from steps.lift.robustness.outliers import find_outliers
from steps.parameters import PushParameters

RESULTS = [
    "campaign_lift",
    "adjusted_lift",
    "covariate_balance",
    "placebo_lift",
    "series_lift",
    "pooled_lift",
    "metric_correlation",
]
TABLES = [
    "seeds.push_parameters",
    "intermediate.int_push_holdouts",
    "core.dim_campaigns",
    "intermediate.int_push_recipient_counts",
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
    robustness = lift_robustness(
        observed, outliers, inputs.matched_sums, daily_response, parameters
    )
    return {
        "campaign_lift": beside(observed, robustness),
        "adjusted_lift": _with_shrunken(adjusted, shrunken_lift(adjusted, parameters)),
        "covariate_balance": designs.covariate_balance,
        "placebo_lift": pa.concat_tables(
            [observed_placebos, designs.placebo_lift], promote_options="permissive"
        ),
        "series_lift": series_lift(observed, designs.rows, campaigns, parameters),
        "pooled_lift": pooled_lift(observed, adjusted, layers, parameters),
        "metric_correlation": metric_correlation(observed, adjusted, parameters),
    }


def _with_shrunken(adjusted: pa.Table, shrunken: pa.Table) -> pa.Table:
    """Add the shrunken lift of those that have one, in the order of all."""
    number = pa.array(np.arange(adjusted.num_rows))
    numbered = adjusted.select(KEYS).append_column("row", number)
    aligned = numbered.join(shrunken, KEYS).sort_by("row").drop_columns(["row"])
    return beside(adjusted, aligned)
