"""The statistics step: `python -m steps.lift`.

Data flow: the counts that dbt made in intermediate.int_push_* -> the tables of the
schema lift, all in one transaction -> aggregates.agg_push_campaign_lift and the other
push marts, which read them.
"""

import sys

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection

from steps.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.adjusted.matched_cells import matched_cells
from steps.lift_inputs import read_inputs
from steps.observed.campaign_lift import campaign_lift
from steps.parameters import PushParameters, read_parameters
from steps.pooled.metric_correlation import metric_correlation
from steps.pooled.pooled_lift import pooled_lift, shrunken_lift
from steps.robustness.daily_rates import observed_placebo_lift
from steps.robustness.lift_robustness import lift_robustness
from steps.robustness.outliers import find_outliers
from steps.robustness.user_outliers import read_user_outliers
from warehouse.connection import connect_existing
from warehouse.console import command
from warehouse.settings import read_settings
from warehouse.tables import replace_rows, require_tables

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


def update_lift(warehouse_url: str) -> str:
    """Replace the content of all tables of the schema lift in one transaction.

    Returns:
        One line that says what was written.

    Raises:
        UserError: the warehouse does not open or its tables are missing or wrong.
    """
    with connect_existing(warehouse_url) as connection:
        require_tables(connection, TABLES)
        parameters = read_parameters(connection)
        results = compute_lift(connection, parameters)
        for name in RESULTS:
            replace_rows(connection, "lift", name, results[name])
        connection.commit()
    return _summary(results, parameters)


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


def _summary(results: dict[str, pa.Table], parameters: PushParameters) -> str:
    observed, adjusted = results["campaign_lift"], results["adjusted_lift"]
    is_significant = pc.less_equal(adjusted["adj_q"], parameters.false_discovery_rate)
    significant = pc.sum(is_significant, min_count=0)
    runs = ", ".join(pc.unique(observed["run_id"]).to_pylist())
    return (
        f"lift: {adjusted.num_rows:,} rows, {significant} with a significant adjusted "
        f"lift at a false discovery rate of {parameters.false_discovery_rate:.0%}, "
        f"run {runs or 'empty'}"
    )


@command
def main() -> int:
    """Run the step for the warehouse of the environment; return the exit code."""
    sys.stdout.write(f"{update_lift(read_settings().warehouse_url)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
