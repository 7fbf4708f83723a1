"""Observed statistics, side by side: `python -m benchmarks.statistics`.

The same pairs of counts before and after pushes go through this project (integer sums
and a histogram in SQL, the rest in NumPy) and through one scipy.stats.ttest_rel per
campaign and metric. A bare scan of the same columns says what reading alone costs.
Each is done once a round and measured in CPU seconds: a machine that is
busy for a moment would otherwise slow one of them and not the others.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection
from rich.console import Console
from rich.table import Table
from scipy import stats

from benchmarks.population import CAMPAIGNS, METRICS
from calibration.method import Method, compiled_method
from steps.lift.inputs import HISTOGRAM, WINDOW_SUMS
from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.observed.moments import KEYS, group_starts
from warehouse.tables import read

ROUNDS = 5
COUNT, FINISH = "sums and histogram in SQL", "all statistics in NumPy"
COUNTED = ("int_push_window_histogram", "int_push_window_sums")
PAIRS = (
    """
    create table core.fct_push_recipients as
    select
        'campaign ' || number % {campaigns} as campaign_key,
        'user ' || number // {campaigns} as user_key,
        720::bigint as baseline_hours,
        true as is_included
    from range({campaigns} * {users}) as numbers (number)
    """,
    # most pairs are zero, and only the others have a row
    """
    create table core.fct_push_windows as
    select *
    from (
        select
            recipients.*,
            push_metrics.metric,
            greatest(75, hash(user_key, campaign_key, metric, 1) % 100)::bigint - 75
                as baseline_count,
            greatest(17, hash(user_key, campaign_key, metric, 2) % 20)::bigint - 17
                as post_count
        from core.fct_push_recipients as recipients
        cross join seeds.push_metrics
    )
    where baseline_count + post_count > 0
    """,
)
SCAN = """
    select
        min(campaign_key), min(metric), sum(baseline_hours), sum(baseline_count),
        sum(post_count)
    from core.fct_push_windows
    where is_included
"""
ACTIVE_PAIRS = """
    select campaign_key, metric, baseline_count, post_count
    from core.fct_push_windows
    where is_included
    order by campaign_key, metric
"""


def scan(connection: Connection) -> None:
    """Read the columns, and do nothing with them."""
    read(connection, SCAN)


def count(connection: Connection, method: Method) -> None:
    """Count the pairs as dbt does."""
    with connection.cursor() as cursor:
        for model in method.inputs:
            if model.name in COUNTED:
                cursor.execute(f"drop table if exists {model.relation}")
                model.create(connection)


def finish(connection: Connection, method: Method) -> np.ndarray:
    """Return t of every campaign and metric; the step computes all else as well."""
    sums = read(connection, WINDOW_SUMS.format(model="int_push_window_sums"))
    campaigns = pa.table({"campaign_key": CAMPAIGNS}).append_column(
        "n_incomplete", [np.zeros(len(CAMPAIGNS), np.int64)]
    )
    histogram = read(connection, HISTOGRAM)
    lift = campaign_lift(sums, histogram, campaigns, method.parameters)
    return lift["observed_t"].to_numpy()


def loop(connection: Connection, users: int) -> np.ndarray:
    """Return t of every campaign and metric, and nothing else, one after the other."""
    pairs = read(connection, ACTIVE_PAIRS)
    starts = group_starts(pairs, KEYS).tolist()
    t = []
    for start, stop in pairwise([*starts, pairs.num_rows]):
        active = pairs.slice(start, stop - start)
        before, after = np.zeros(users), np.zeros(users)
        before[: stop - start] = active["baseline_count"].to_numpy() / 30
        after[: stop - start] = active["post_count"].to_numpy() / 2
        t.append(stats.ttest_rel(after, before).statistic)
    return np.array(t)


def cpu_seconds(function: Callable[[], object]) -> float:
    """Return what a function costs on all processors together."""
    start = time.process_time()
    function()
    return time.process_time() - start


def main() -> None:
    """Print the seconds of each, and their ratio to the scan.

    Raises:
        ValueError: the two ways find different statistics.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=100_000)
    users = parser.parse_args().users
    tables = {
        "core.dim_campaigns": pa.table({"campaign_key": CAMPAIGNS}).append_column(
            "is_test", [np.zeros(len(CAMPAIGNS), bool)]
        ),
        "seeds.push_metrics": pa.table({"metric": list(METRICS)}),
    }
    with (
        compiled_method() as method,
        method.new_warehouse(tables, threads=os.cpu_count() or 1) as connection,
    ):
        with connection.cursor() as cursor:
            for statement in PAIRS:
                cursor.execute(statement.format(users=users, campaigns=len(CAMPAIGNS)))
        connection.commit()  # as the models that dbt builds find them
        ways = {
            "bare scan": partial(scan, connection),
            COUNT: partial(count, connection, method),
            FINISH: partial(finish, connection, method),
            "loop of scipy.stats.ttest_rel": partial(loop, connection, users),
        }
        rounds = [
            {name: cpu_seconds(way) for name, way in ways.items()}
            for _ in range(ROUNDS)
        ]
        if not np.allclose(finish(connection, method), loop(connection, users)):
            raise ValueError("the statistics differ")
    costs = {name: statistics.median(one[name] for one in rounds) for name in ways}
    costs["SQL and NumPy together"] = costs[COUNT] + costs[FINISH]
    pairs = users * len(CAMPAIGNS) * len(METRICS)
    table = Table(title=f"{pairs:,} pairs, median of {ROUNDS} rounds")
    for heading in ("", "CPU seconds", "times the scan"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, cost in costs.items():
        ratio = cost / costs["bare scan"]
        table.add_row(name, f"{cost:.2f}", f"{ratio:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
