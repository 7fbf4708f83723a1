"""One campaign and metric compared: `python -m benchmarks.comparison`.

Ten thousand recipients and 45,000 controls who all differ, so that no cell stands for
more than one of them: balancing weights, regression, intervals of all outcomes, balance
and held-back history. And the same without controls who may be compared straight away,
which takes two more comparisons at each of eight placebo dates.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.designs import choose_design
from steps.parameters import PushParameters, read_parameters
from warehouse.connection import connect

REPETITIONS = 7
OLD = 10  # the support cell of people known since long ago
PLACEBO_DATES = 8


def people(
    rng: np.random.Generator, arm: str, number: int, rate: float, weeks_before: int
) -> dict[str, np.ndarray]:
    """Draw people of one arm, one per cell, more active the higher the rate is."""
    own = rng.gamma(2, rate, number)
    recency = (1000 * np.log1p(rng.exponential(24 / (own + 0.1)))).astype(np.int64)
    week = rng.poisson(7 * own)
    return {
        "arm": np.full(number, arm),
        "weeks_before": np.full(number, weeks_before),
        "support_cell": OLD + (recency > 1000 * np.log1p(6)).astype(np.int64),
        "post_count": rng.poisson(2 * own),
        "first_day_count": rng.poisson(own),
        "baseline_rate": rng.poisson(30 * own),
        "week_count": week,
        "day_count": rng.poisson(own),
        "long_rate": rng.poisson(56 * own),
        "user_count": np.ones(number, np.int64),
        "recency_sum": recency,
        "recency_squares": recency**2,
        "activity_week_sum": (1000 * np.log1p(week)).astype(np.int64),
        "later_push_count": np.zeros(number, np.int64),
        "diluted_seconds": np.zeros(number, np.int64),
    }


def cells(*groups: dict[str, np.ndarray]) -> pa.Table:
    """Return the rows of one campaign and metric."""
    return pa.table(
        {name: np.concatenate([group[name] for group in groups]) for name in groups[0]}
    )


def milliseconds(function: Callable[[], object]) -> float:
    """Return the median of how long a function takes."""
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def parameters_of_the_seed() -> PushParameters:
    """Read the settings as dbt would seed them."""
    with connect("duckdb:///:memory:") as connection:
        with connection.cursor() as cursor:
            cursor.execute("create schema seeds")
            cursor.execute(
                "create table seeds.push_parameters as from 'seeds/push_parameters.csv'"
            )
        return read_parameters(connection)


def main() -> None:
    """Print what both cost.

    Raises:
        ValueError: people who are alike were not compared.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--controls", type=int, default=45_000)
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    parameters = parameters_of_the_seed()
    recipients = people(rng, "recipient", asked.recipients, 0.6, 0)
    reachable = cells(recipients, people(rng, "reachable", asked.controls, 0.5, 0))
    unreachable = cells(
        recipients,
        people(rng, "unreachable", asked.controls, 0.5, 0),
        *(
            people(rng, arm, asked.controls, 0.5, week)
            for week in range(1, PLACEBO_DATES + 1)
            for arm in ("reachable", "unreachable")
        ),
    )
    table = Table(
        title=f"{asked.recipients:,} recipients, {asked.controls:,} controls, "
        f"median of {REPETITIONS} runs"
    )
    for heading in ("design", "sorting the cells, ms", "comparing, ms"):
        table.add_column(heading, justify="right")
    for rows, tier in ((reachable, "T2a"), (unreachable, "T2b")):
        sorted_cells = cells_of(rows)
        design = choose_design(sorted_cells, np.nan, parameters)
        if design.tier != tier:
            raise ValueError(f"{design.tier} {design.reason} instead of {tier}")
        sorting = milliseconds(lambda rows=rows: cells_of(rows))
        comparing = milliseconds(
            lambda ready=sorted_cells: choose_design(ready, np.nan, parameters)
        )
        table.add_row(tier, f"{sorting:.0f}", f"{comparing:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
