"""A disk that is full: one line, the old generation stands, a repetition mends it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.integration.conftest import DBT, NO_TESTS, Warehouse

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
MEGABYTE = 2**20
LOAD = ("python", "-m", "loaders")
BUILD = (DBT, "build", "--quiet", *NO_TESTS, "--exclude", "source:lift+")
LIFT = ("python", "-m", "steps.lift")
MARTS = ("dbt", "build", "--quiet", *NO_TESTS, "--select", "source:lift+")
PUBLISH = ("python", "-m", "steps.publish", "--allow", "untested")


class Disk:
    """A disk in memory, whose size one can change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mount("size=1g", "-t", "tmpfs", "none")

    def resize(self, size: int) -> None:
        """Let it have room for so many bytes."""
        self._mount(f"remount,size={size}")

    @property
    def used(self) -> int:
        """How many bytes are in use."""
        found = os.statvfs(self.folder)
        return (found.f_blocks - found.f_bfree) * found.f_frsize

    def leave(self, free: int) -> None:
        """Let it have some room beyond what is in use."""
        self.resize(self.used + free)

    def remove(self) -> None:
        """Take it away."""
        subprocess.run(("umount", "--lazy", self.folder), check=True)

    def _mount(self, options: str, *arguments: str) -> None:
        subprocess.run(("mount", *arguments, "-o", options, self.folder), check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of one gigabyte."""
    disk = Disk(tmp_path)
    try:
        yield disk
    finally:
        disk.remove()


def generations(folder: Path) -> list[tuple[int]]:
    """Return the numbers of what readers see."""
    with duckdb.connect(folder / "marts.duckdb", read_only=True) as marts:
        return marts.execute("select generation_id from marts.generations").fetchall()


def test_a_disk_that_fills_stops_load_build_and_publish_and_spoils_nothing(
    disk: Disk,
    sources: dict[str, str],
    new_warehouse: Callable,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    # dbt itself ends with a traceback where its own files find no room
    elsewhere = tmp_path_factory.mktemp("dbt")
    of_dbt = {f"DBT_{name}_PATH": str(elsewhere) for name in ("TARGET", "LOG")}
    warehouse = Warehouse(new_warehouse("duckdb"), disk.folder, {**sources, **of_dbt})

    def run_twice(*command: str, free: int) -> str:
        """Run a command while there is too little room, then again with enough."""
        disk.leave(free)
        printed = warehouse.run(*command, code=1)
        disk.resize(1024 * MEGABYTE)
        warehouse.run(*command)
        return printed

    told = run_twice(*LOAD, free=4 * MEGABYTE)
    told += run_twice(*BUILD, free=4 * MEGABYTE)
    assert "Traceback" not in told
    warehouse.run(*LIFT)
    warehouse.run(*MARTS)
    warehouse.run(*PUBLISH)
    told = run_twice(*PUBLISH, free=MEGABYTE)
    assert told == (
        "error: marts.duckdb is not published: the disk is full: make room and run it "
        "again; what was published before stands\n"
    )
    assert generations(disk.folder) == [(1,), (2,)]
