"""The statistics step: `python -m steps.lift`.

Data flow: aggregates.agg_push_window_sums and agg_push_window_histogram, counted by
dbt -> lift.campaign_lift, which aggregates.agg_push_campaign_lift then reads.
"""

import sys

import pyarrow.compute as pc

from loaders.errors import UserError
from loaders.settings import read_settings
from loaders.warehouse import connect
from steps.campaign_lift import campaign_lift, run_id
from steps.parameters import read_parameters
from steps.tables import read, require_tables

SUMS = """
    select
        campaign_key, metric, baseline_hours, recipients, sum_post, sum_baseline,
        sum_post_squared, sum_baseline_squared, sum_post_baseline, post_active
    from aggregates.agg_push_window_sums
"""
HISTOGRAM = """
    select
        campaign_key, metric, baseline_hours, baseline_count, post_count, recipients
    from aggregates.agg_push_window_histogram
"""
TABLES = [
    "seeds.push_parameters",
    "aggregates.agg_push_window_sums",
    "aggregates.agg_push_window_histogram",
    "lift.campaign_lift",
]


def update_campaign_lift(warehouse_url: str) -> str:
    """Replace the content of lift.campaign_lift in one transaction.

    Returns:
        One line that says what was written.

    Raises:
        UserError: the warehouse does not open or its tables are missing or wrong.
    """
    with connect(warehouse_url) as connection:
        require_tables(connection, TABLES)
        parameters = read_parameters(connection)
        sums, histogram = read(connection, SUMS), read(connection, HISTOGRAM)
        lift = campaign_lift(sums, histogram, parameters)
        with connection.cursor() as cursor:
            cursor.execute("delete from lift.campaign_lift")
            cursor.adbc_ingest(
                "campaign_lift", lift, mode="append", db_schema_name="lift"
            )
        connection.commit()
    rate = parameters.false_discovery_rate
    significant = pc.sum(pc.less_equal(lift["q_value"], rate), min_count=0)
    return (
        f"lift.campaign_lift: {lift.num_rows:,} rows, {significant} significant at a "
        f"false discovery rate of {rate:.0%}, "
        f"run {run_id(sums, histogram, parameters)}"
    )


def main() -> int:
    """Run the step for the warehouse of the environment; return the exit code."""
    try:
        line = update_campaign_lift(read_settings().warehouse_url)
    except UserError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
