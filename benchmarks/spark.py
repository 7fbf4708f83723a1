"""CPU and memory of a whole build on DuckDB and on Spark, for worlds of several sizes.

`.venv-spark/bin/python -m benchmarks.spark [--people 300] [--times 1 10 30]` builds a
world in a DuckDB file, then on a cluster of two workers of this machine, there once
more when PostHog has another day. The slope says how the CPU grows with the events: 1
if twice as many take twice as long. It is near 0 where what each statement takes,
whatever the data, is most of it.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import duckdb
import psutil

import demo
from spark.cluster import cluster
from warehouse.console import write_line

PROJECT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
DAYS, CAMPAIGNS = 100, 12
BUILDS = ("DuckDB", "Spark", "next night")
BUILD = (
    *("build", "--quiet", "--exclude-resource-type", "test", "unit_test"),
    *("--exclude", "source:lift+", "source:insights+"),
)
SECONDS_BETWEEN_LOOKS = 0.5
ANOTHER_DAY = """
insert into staging_posthog.events by name
select * replace (
    cast(md5(cast(uuid as varchar)) as uuid) as uuid,
    timestamp + interval '1 day' as timestamp,
    created_at + interval '1 day' as created_at
)
from staging_posthog.events
where timestamp >= (select max(created_at) from staging_posthog.events)
    - interval '1 day';
update staging_posthog.load_slices set loaded_until = loaded_until + interval '1 day';
update staging_posthog._loads set known_until_at = known_until_at + interval '1 day'
"""


@dataclass(frozen=True)
class Taken:
    """What a command took, the processes that it made others start included.

    Attributes:
        cpu: in seconds.
        memory: the most at once, in GB.
    """

    seconds: float
    cpu: float
    memory: float


class Watch:
    """Adds up what this process and all that it has started take."""

    def __init__(self) -> None:
        """Begin with those that run already."""
        self._cpu: dict[tuple[int, float], float] = {}
        self.memory = 0.0
        self._look()

    def _look(self) -> None:
        memory = 0
        for process in psutil.Process().children(recursive=True):
            try:
                times = process.cpu_times()
                key = process.pid, process.create_time()
                self._cpu[key] = times.user + times.system
                memory += process.memory_info().rss
            except psutil.Error:  # it has ended
                continue
        self.memory = max(self.memory, memory / 2**30)

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Look again and again while something runs."""
        ended = Event()

        def look() -> None:
            while not ended.wait(SECONDS_BETWEEN_LOOKS):
                self._look()

        watcher = Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()
            self._look()

    @property
    def cpu(self) -> float:
        """All so far, in seconds."""
        return sum(self._cpu.values())


def take(folder: Path, environment: dict[str, str], *command: str) -> Taken:
    """Run a command to its end; return what it took."""
    watch, began = Watch(), time.monotonic()
    before = watch.cpu
    with watch.taking():
        subprocess.run(  # noqa: S603 - our own commands
            [BIN / command[0], *command[1:]],
            cwd=folder,
            env=os.environ | environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return Taken(time.monotonic() - began, watch.cpu - before, watch.memory)


def measure(folder: Path, url: str, sources: dict[str, str]) -> list[Taken]:
    """Load a world into a new warehouse; return what building it takes.

    On Spark also what a build takes that finds another day of events.
    """
    folder.mkdir()
    environment = {
        **sources,
        "WAREHOUSE_URL": url,
        "LAKE_URL": str(folder / "lake"),
        "PII_HASH_KEY": "a key for benchmarks",
        "TELEMETRY": "off",
        "PYTHONPATH": str(PROJECT),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    take(folder, environment, "python", "-m", "loaders")
    taken = [take(folder, environment, "dbt", *BUILD)]
    landing = folder / "data" / "landing.duckdb"
    if landing.exists():
        with duckdb.connect(landing) as connection:
            connection.execute(ANOTHER_DAY)
        take(folder, environment, "python", "-m", "loaders", "telemetry")
        taken.append(take(folder, environment, "dbt", *BUILD))
    return taken


def rows_of(folder: Path) -> int:
    """Count the events of a warehouse on DuckDB."""
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        query = "select count(*) from staging_posthog.events"
        ((count,),) = connection.execute(query).fetchall()
    return count


def main() -> None:
    """Print a line per size and engine, and the slopes between the sizes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark")
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 30])
    arguments = parser.parse_args()
    taken: dict[str, list[tuple[int, Taken]]] = {name: [] for name in BUILDS}
    write_line("   events  engine      seconds  CPU s  most memory")
    for times in arguments.times:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            people = arguments.people * times
            scale = demo.Scale(users=people, days=DAYS, campaigns=CAMPAIGNS)
            demo.create_world(folder / "world", scale)
            with demo.running_sources(folder / "world") as sources:
                file = f"duckdb:///{folder}/duckdb/warehouse.duckdb"
                found = measure(folder / "duckdb", file, sources)
                with cluster(folder / "cluster") as url:
                    found += measure(folder / "spark", url, sources)
            rows = rows_of(folder / "duckdb")
            for engine, one in zip(BUILDS, found, strict=True):
                taken[engine].append((rows, one))
                write_line(
                    f"{rows:9,}  {engine:10}  {one.seconds:7.0f}  {one.cpu:5.0f}  "
                    f"{one.memory:8.1f} GB"
                )
    for engine, sizes in taken.items():
        for (fewer, small), (more, large) in pairwise(sizes):
            slope = math.log(large.cpu / small.cpu) / math.log(more / fewer)
            each_million = (large.cpu - small.cpu) / (more - fewer) * 1e6
            write_line(
                f"{engine}: from {fewer:,} to {more:,} events slope {slope:.2f}, "
                f"{each_million:.0f} CPU s for each million more"
            )


if __name__ == "__main__":
    main()
