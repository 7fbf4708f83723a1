"""How far the method may be trusted: `python -m calibration [--worlds 100]`.

First the method runs on simulated worlds whose truth is known, then on the people of
the warehouse, if there is one, at dates when they got no push.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import product, repeat

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from calibration.cells import METRICS, SESSIONS
from calibration.core_tables import Tables
from calibration.lines import (
    EXPLANATION,
    LEGEND,
    heading,
    pooled_line,
    scenario_line,
)
from calibration.method import Method, compiled_method, worker_processes
from calibration.own_warehouse import read_core_tables
from calibration.pseudo_pushes import measure_pseudo_pushes
from calibration.scenarios import SCENARIOS
from calibration.simulation import measure_world
from calibration.table import add_line, print_wide, pseudo_push_table
from calibration.tally import Result
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.settings import read_settings

ALL = "all"
PROGRESS = (
    "{task.description}",
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)


def print_simulation(
    executor: Executor,
    method: Method,
    scenarios: Sequence[str],
    worlds: int,
    console: Console,
) -> None:
    """Print how the method does where the truth is known, a scenario at a time."""
    alpha = method.parameters.alpha
    runs = list(product(scenarios, range(worlds)))
    measured = executor.map(measure_world, repeat(method), *zip(*runs, strict=True))
    valid: list[Result] = []
    with Progress(*PROGRESS, console=console, transient=True) as progress:
        task = progress.add_task("Simulating worlds", total=len(runs))
        for name in scenarios:
            results: list[Result] = []
            for _ in range(worlds):
                results += next(measured)
                progress.advance(task)
            scenario = SCENARIOS[name]
            of_sessions = _of(SESSIONS, results)
            _print(console, scenario_line(name, scenario, of_sessions, alpha))
            if not scenario.caveat:
                valid += results
    for metric in METRICS:
        _print(console, pooled_line(metric, _of(metric, valid), alpha))


def print_pseudo_pushes(
    executor: Executor, method: Method, warehouse: Tables, console: Console
) -> None:
    """Print how the method does on real people at dates without a push."""
    table = pseudo_push_table()
    for audience, rows in measure_pseudo_pushes(executor, method, warehouse):
        for metric in [*sorted({row["metric"] for row in rows}), ALL]:
            chosen = [row for row in rows if metric in (row["metric"], ALL)]
            add_line(table, audience, metric, chosen, method.parameters.alpha)
        table.add_section()
    print_wide(console, table)


def _of(metric: str, results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.metric == metric]


def _print(console: Console, text: str) -> None:
    # a line stays one line, however narrow the terminal is
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def _chosen_scenarios(name: str | None) -> list[str]:
    """Return the scenario of a name, or all.

    Raises:
        UserError: there is none of that name.
    """
    if name is None:
        return list(SCENARIOS)
    if name not in SCENARIOS:
        raise UserError(
            f"--scenario: there is no scenario {name!r}; those that there are: "
            + "; ".join(SCENARIOS)
        )
    return [name]


@command
def main() -> int:
    """Print both tables; return the exit code.

    Raises:
        UserError: there is no such scenario, or nothing to simulate.
    """
    parser = argparse.ArgumentParser(
        prog="python -m calibration", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--worlds", type=int, default=20, help="worlds per scenario")
    parser.add_argument("--scenario", metavar="NAME", help="only this one")
    arguments = parser.parse_args()
    scenarios = _chosen_scenarios(arguments.scenario)
    if arguments.worlds < 1:
        raise UserError(f"--worlds {arguments.worlds}: simulate at least one world")
    console = Console()
    warehouse = read_core_tables(read_settings().warehouse_url)
    with compiled_method() as method, worker_processes() as executor:
        alpha = method.parameters.alpha
        level = {"alpha": alpha, "confidence": 1 - alpha}
        _print(console, f"{EXPLANATION.format(**level)}\n{heading()}")
        print_simulation(executor, method, scenarios, arguments.worlds, console)
        _print(console, f"\n{LEGEND.format(**level)}")
        if warehouse is None:
            console.print("There is no warehouse yet, so no second table.\n")
        elif arguments.scenario is None:
            print_pseudo_pushes(executor, method, warehouse, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
