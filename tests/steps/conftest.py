"""The report on campaigns of every verdict, written once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.steps.report_warehouse import RESULTS, Row, write_report_warehouse
from tests.steps.warehouses import run_step


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
    step = run_step("steps.report", url, directory)
    assert (step.returncode, step.stderr) == (0, "")
    return WrittenReport(rows, step.stdout, directory / "reports")
