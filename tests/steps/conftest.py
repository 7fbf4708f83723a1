"""The report on campaigns of every verdict, written once, and write-backs of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stand_ins.posthog import StandIn, Store
from tests.helpers.posthog.project import Clock
from tests.steps.report.report_warehouse import RESULTS, Row, write_report_warehouse
from tests.steps.warehouses import run_report
from tests.steps.writeback.writeback_warehouse import (
    WriteBack,
    destination,
    write_marts,
)


@dataclass(frozen=True)
class WrittenReport:
    """What the step printed and wrote, and the rows of the mart it read."""

    rows: list[Row]
    printed: str
    folder: Path

    def of_campaign(self, key: str, ending: str) -> str:
        """Read the Markdown (`md`) or JSON (`json`) file of a campaign."""
        (path,) = self.folder.glob(f"*/*/*-{key[:8]}.{ending}")
        return path.read_text()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> WrittenReport:
    directory = tmp_path_factory.mktemp("report")
    url = f"duckdb:///{directory}/warehouse.duckdb"
    rows = write_report_warehouse(url, RESULTS)
    step = run_report(url, directory)
    assert (step.returncode, step.stderr) == (0, "")
    return WrittenReport(rows, step.stdout, directory / "reports")


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A project without events."""
    with StandIn(Store(), Clock()) as server:
        yield server


@pytest.fixture
def new_write_back(
    working_directory: Path, new_warehouse: Callable, stand_in: StandIn
) -> Callable:
    """Give a function that writes a warehouse for the write-back to the stand-in."""

    def write(
        results: dict = RESULTS, engine: str = "duckdb", origin: str = "real"
    ) -> WriteBack:
        url = new_warehouse(engine)
        write_marts(url, results, origin)
        return WriteBack(url, destination(stand_in))

    return write
