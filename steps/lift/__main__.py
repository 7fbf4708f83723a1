"""The statistics step: `python -m steps.lift`.

Data flow: the counts that dbt made in intermediate.int_push_* -> the tables of the
schema lift, all in one transaction -> aggregates.agg_push_campaign_lift and the other
push marts, which read them.
"""

import argparse
import sys

import pyarrow as pa
import pyarrow.compute as pc

from steps.lift.compute import RESULTS, TABLES, compute_lift
from steps.parameters import PushParameters, read_parameters
from warehouse.connection import connect_existing, require_existing
from warehouse.console import command, write_line
from warehouse.one_writer import one_writer
from warehouse.progress import doing
from warehouse.settings import read_settings
from warehouse.states import LIFT, SUCCESS, record
from warehouse.tables import replace_rows, require_tables
from warehouse.versions import check_built


def update_lift(warehouse_url: str) -> str:
    """Replace the content of all tables of the schema lift in one transaction.

    Returns:
        One line that says what was written.

    Raises:
        UserError: the warehouse does not open or its tables are missing or wrong.
    """
    doing("computing the lift")
    with connect_existing(warehouse_url) as connection:
        check_built(connection)
        require_tables(connection, TABLES)
        parameters = read_parameters(connection)
        results = compute_lift(connection, parameters)
        for name in RESULTS:
            replace_rows(connection, "lift", name, results[name])
        record(connection, {LIFT: SUCCESS})
        connection.commit()
    return _summary(results, parameters)


def _summary(results: dict[str, pa.Table], parameters: PushParameters) -> str:
    observed, adjusted = results["campaign_lift"], results["adjusted_lift"]
    is_significant = pc.less_equal(
        adjusted["adjusted_q"], parameters.false_discovery_rate
    )
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
    argparse.ArgumentParser(
        prog="python -m steps.lift",
        description="Compute the statistics of the push marts.",
    ).parse_args()
    url = read_settings().warehouse_url
    require_existing(url)
    with one_writer(url, "lift"):
        write_line(update_lift(url))
    return 0


if __name__ == "__main__":
    sys.exit(main())
