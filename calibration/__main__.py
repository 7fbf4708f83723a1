"""How far the method may be trusted: `python -m calibration [--worlds 100]`.

First the method runs on simulated worlds whose truth is known, then on the people of
the warehouse, if there is one, at dates when they got no push.
"""

import argparse
import sys
from concurrent.futures import Executor
from itertools import product

from rich.console import Console
from rich.progress import track

from calibration.core_tables import Tables
from calibration.method import Method, compiled_method, worker_processes
from calibration.own_warehouse import read_core_tables
from calibration.pseudo_pushes import measure_pseudo_pushes
from calibration.scenarios import SCENARIOS
from calibration.simulation import simulate
from calibration.table import add_tally, calibration_table, print_wide
from calibration.tally import tally
from warehouse.console import command
from warehouse.settings import read_settings

TRUE_LIFTS = (0.0, 0.2)
ALL = "all"
LEGEND = """\
Where nothing is to be found, whatever is significant is a false positive: {level:.0%}
would be right. Coverage: share of {confidence:.0%} intervals that hold the true lift.
Bias: mean of estimated minus true lift, in percentage points. Refused: no claim about
the cause. Decided: neither refused nor too few events; the adjusted columns are about
these.
"""


def print_simulation(
    executor: Executor, method: Method, worlds: int, console: Console
) -> None:
    """Print how the method does where the truth is known."""
    table = calibration_table("Simulated worlds", "scenario", "true lift")
    runs = list(product(TRUE_LIFTS, SCENARIOS))
    for lift, scenario in track(runs, "Simulating", console=console, transient=True):
        rows = simulate(executor, method, scenario, lift, worlds)
        result = tally(rows, lift, method.parameters.alpha)
        add_tally(table, scenario, f"{lift:+.0%}" if lift else "0%", result)
    print_wide(console, table)


def print_pseudo_pushes(
    executor: Executor, method: Method, warehouse: Tables, console: Console
) -> None:
    """Print how the method does on real people at dates without a push."""
    table = calibration_table("This warehouse, without a push", "audience", "metric")
    for audience, rows in measure_pseudo_pushes(executor, method, warehouse):
        for metric in [*sorted({row["metric"] for row in rows}), ALL]:
            chosen = [row for row in rows if metric in (row["metric"], ALL)]
            result = tally(chosen, 0.0, method.parameters.alpha)
            add_tally(table, audience, metric, result)
        table.add_section()
    print_wide(console, table)


@command
def main() -> int:
    """Print both tables; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=100, help="worlds per scenario")
    worlds = parser.parse_args().worlds
    console = Console()
    warehouse = read_core_tables(read_settings().warehouse_url)
    with compiled_method() as method, worker_processes() as executor:
        print_simulation(executor, method, worlds, console)
        if warehouse is None:
            console.print("There is no warehouse yet, so no second table.\n")
        else:
            print_pseudo_pushes(executor, method, warehouse, console)
    alpha = method.parameters.alpha
    console.print(LEGEND.format(level=alpha, confidence=1 - alpha))
    return 0


if __name__ == "__main__":
    sys.exit(main())
