"""From pushes and events to verdicts: `python -m benchmarks.lift [--users 100000]`.

The compiled models and the statistics step, on a new DuckDB file for each size, in a
process of its own, so that its peak memory is that of the method alone.
WAREHOUSE_MEMORY limits it. Runs on Linux.
"""

import argparse
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection
from rich.console import Console
from rich.table import Table

from benchmarks.population import CAMPAIGNS, METRICS, population
from calibration.method import DATABASE, Method, compiled_method
from steps.lift.inputs import read_inputs
from steps.lift.observed.campaign_lift import campaign_lift
from warehouse.connection import connect
from warehouse.errors import UserError, one_line
from warehouse.tables import read

SIZES = (1_000, 10_000)
# what the observed lift needs; all else serves controls, placebo dates and robustness
OBSERVED = {
    "fct_notifications",
    "fct_push_recipients",
    "int_push_recipient_counts",
    "fct_push_windows",
    "int_push_window_histogram",
    "int_push_window_sums",
}
# Linux tells the largest memory since it was asked to forget it.
CLEAR_PEAK, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
CELLS = "select count(*) from intermediate.int_push_matched_cells"
SHOWN = 8


@dataclass(frozen=True)
class Measurement:
    """What one size cost.

    Attributes:
        seconds: Seconds per model, and of the `observed step` and the `whole step`.
        gigabytes: The largest resident memory while each of these ran.
        cells: Rows that the step reads of the matched users.
    """

    seconds: dict[str, float]
    gigabytes: dict[str, float]
    cells: int

    @property
    def observed_seconds(self) -> float:
        """Seconds until the observed lift is known."""
        return self.seconds["observed step"] + sum(
            seconds for name, seconds in self.seconds.items() if name in OBSERVED
        )

    @property
    def all_seconds(self) -> float:
        """Seconds until everything is known."""
        return sum(self.seconds.values()) - self.seconds["observed step"]


def measure(method: Method, file: Path) -> Measurement:
    """Run the method on a warehouse that has the core tables."""
    work: dict[str, Callable[[Connection], None]] = {
        **{model.name: model.create for model in method.inputs},
        "observed step": partial(_observed_step, method=method),
        "whole step": method.run_step,
        **{model.name: model.create for model in method.outputs},
    }
    with connect(f"duckdb:///{file}") as connection:
        seconds, gigabytes = {}, {}
        for name, part in work.items():
            try:
                seconds[name], gigabytes[name] = _cost(part, connection)
            except Error as error:  # which no process can hand to another
                raise UserError(f"{name}: {one_line(error)}") from None
        cells = read(connection, CELLS)
    return Measurement(seconds, gigabytes, cells[0][0].as_py())


def measure_alone(method: Method, users: int) -> Measurement:
    """Measure so many users in a new process."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{DATABASE}.duckdb"
        with method.new_warehouse(population(users), str(file)):
            pass
        with ProcessPoolExecutor(1, get_context("spawn")) as executor:
            return executor.submit(measure, method, file).result()


def _cost(
    work: Callable[[Connection], None], connection: Connection
) -> tuple[float, float]:
    """Do some work and commit it, as dbt does after every model.

    Returns:
        Its seconds, and the largest resident memory meanwhile, in GB.
    """
    CLEAR_PEAK.write_text("5")
    start = time.perf_counter()
    work(connection)
    connection.commit()
    seconds = time.perf_counter() - start
    (kilobytes,) = PEAK.findall(STATUS.read_text())
    return seconds, int(kilobytes) / 2**20


def _observed_step(connection: Connection, method: Method) -> None:
    inputs = read_inputs(connection)
    campaign_lift(inputs.sums, inputs.histogram, inputs.campaigns, method.parameters)


def main() -> None:
    """Print what each size costs, and where the time of the largest went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().users
    console = Console()
    table = Table(title=f"{len(CAMPAIGNS)} campaigns, {len(METRICS)} metrics, DuckDB")
    for heading in ("users", "observed, s", "everything, s", "cells", "peak, GB"):
        table.add_column(heading, justify="right")
    with compiled_method() as method:
        for users in sizes:
            measured = measure_alone(method, users)
            table.add_row(
                f"{users:,}",
                f"{measured.observed_seconds:.1f}",
                f"{measured.all_seconds:.1f}",
                f"{measured.cells:,}",
                f"{max(measured.gigabytes.values()):.2f}",
            )
    console.print(table)
    console.print(f"Slowest at {sizes[-1]:,} users, and the memory they took:")
    slowest = sorted(measured.seconds.items(), key=itemgetter(1), reverse=True)
    for name, seconds in slowest[:SHOWN]:
        console.print(f"{seconds:8.1f} s  {measured.gigabytes[name]:6.2f} GB  {name}")


if __name__ == "__main__":
    main()
