"""PostHog's events into the warehouse, against a loader that pages by timestamp.

All load from the same stand-in, in turn, each in a process of its own: what was
received in 60 days, and a week later the rest. `plain` asks as many connectors do, for
`timestamp > the last one seen`, with the largest page there is.

`python -m benchmarks.posthog [--events 1000000] [--modes query export lake plain]`
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from stand_ins.posthog import StandIn, Store
from stand_ins.posthog.lake import write_everything

MODES = ("query", "export", "lake", "plain")
START = datetime(2026, 8, 1, tzinfo=UTC)
LOADS = (START + timedelta(days=60), START + timedelta(days=67))
# A child's ru_maxrss would count what its parent held when it was started.
RUN_AND_TELL = """
import atexit, pathlib, runpy, sys
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(status.read_text()))
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
# Clients send five events of one instant; one in 200 comes days late.
EVENTS = """
insert into stored_events by name
select
    uuid() as uuid,
    list_value('$pageview', '$screen', 'Offer Created')[1 + number % 3] as event,
    'user ' || hash(number // 5) % 20000 as distinct_id,
    uuid() as person_id,
    $start::timestamptz + to_microseconds(number // 5 * $step) as timestamp,
    timestamp + to_seconds(
        3 + case when hash(number) % 200 = 0 then hash(-number) % 600000 else 0 end
    ) as created_at,
    '{"$session_id": "' || number // 40 || '", "$os": "iOS", "$lib": "web"}'
        as properties
from range($events) as numbers(number)
"""


@dataclass(frozen=True)
class Run:
    """Two loads by one loader."""

    mode: str
    seconds: float
    requests: int
    megabytes: float
    lost: int


@dataclass(frozen=True)
class Bench:
    """A stand-in full of events, and a folder for the warehouses."""

    stand_in: StandIn
    now: list[datetime]
    folder: Path
    events: int

    def run(self, mode: str) -> Run:
        """Load twice."""
        journal = self.stand_in.journal
        before, seconds, megabytes = len(journal.exchanges), 0.0, 0.0
        for self.now[0] in LOADS:
            if mode == "lake":
                write_everything(self.stand_in.store, self.folder / "lake", self.now[0])
            started = time.perf_counter()
            megabytes = max(megabytes, _peak(self.folder, *self._command(mode)))
            seconds += time.perf_counter() - started
        requests = len(journal.exchanges) - before
        return Run(mode, seconds, requests, megabytes, self.events - self._rows(mode))

    def _command(self, mode: str) -> tuple[list[str], dict[str, str]]:
        address, file = self.stand_in.address, self.folder / f"{mode}.duckdb"
        if mode == "plain":
            program = ["benchmarks.plain_posthog", address.host, address.api_key]
            return [*program, str(file)], {}
        settings = {
            "POSTHOG_HOST": address.host,
            "POSTHOG_PROJECT_ID": address.project_id,
            "POSTHOG_API_KEY": address.api_key,
            "POSTHOG_MODE": mode,
            "POSTHOG_EXPORT_DIR": str(self.folder / "lake"),
            "PII_HASH_KEY": "a key for benchmarks",
            "WAREHOUSE_URL": f"duckdb:///{file}",
        }
        return ["loaders", "posthog"], settings

    def _rows(self, mode: str) -> int:
        table = "events" if mode == "plain" else "staging_posthog.events"
        with duckdb.connect(self.folder / f"{mode}.duckdb", read_only=True) as file:
            return file.table(table).aggregate("count(distinct uuid)").fetchone()[0]


def _peak(folder: Path, program: list[str], settings: dict[str, str]) -> float:
    """Run a module in a process of its own; return the most memory it held, in MB."""
    command = [sys.executable, "-c", RUN_AND_TELL, *program]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), **settings}
    answer = subprocess.run(  # noqa: S603 - our own modules
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    if answer.returncode:
        sys.exit(f"error: {program[0]} failed")
    return int(answer.stdout.rpartition("VmHWM:")[2].split()[0]) / 1024


def show(runs: list[Run], events: int) -> None:
    """Print the runs, beside the plain one if there is one."""
    table = Table(
        "loader", "rows per second", "requests per million", "peak MB", "lost"
    )
    for run in runs:
        table.add_row(
            run.mode,
            f"{(events - run.lost) / run.seconds:,.0f}",
            f"{run.requests / events * 1e6:,.0f}",
            f"{run.megabytes:,.0f}",
            f"{run.lost:,}",
        )
    Console().print(table)


def _since(started: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - started)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.posthog", description=__doc__
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
    arguments = parser.parse_args()
    store, now, started = Store(), [START], time.monotonic()
    step = int(timedelta(days=60) / timedelta(microseconds=1)) // arguments.events * 5
    values = {"start": START, "step": step, "events": arguments.events}
    with store._database.cursor() as cursor:
        cursor.execute(EVENTS, values)
    with (
        tempfile.TemporaryDirectory() as folder,
        StandIn(store, lambda: now[0] + _since(started)) as stand_in,
    ):
        bench = Bench(stand_in, now, Path(folder), arguments.events)
        show([bench.run(mode) for mode in arguments.modes], arguments.events)


if __name__ == "__main__":
    main()
