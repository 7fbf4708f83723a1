"""The stages of a night: commands of this project, each in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from warehouse.one_writer import TOKEN

LOGS = Path("logs/night")
PREFIX = "error: "
DBT = str(Path(sys.executable).with_name("dbt"))
NO_TESTS = ("--exclude-resource-type", "test", "unit_test")


@dataclass(frozen=True)
class Stage:
    """One command of the night.

    Attributes:
        command: A module of this project, or dbt, and arguments.
        needs: The stage without which it is not run.
    """

    name: str
    command: tuple[str, ...]
    needs: str | None = None

    @property
    def log(self) -> Path:
        """What it printed when it last ran."""
        return LOGS / f"{self.name}.log"

    @property
    def is_dbt(self) -> bool:
        """Whether dbt runs it."""
        return self.command[0] == "dbt"

    def run(self, arguments: list[str], token: str) -> int:
        """Run it to its end.

        Args:
            arguments: More of them.
            token: Lets it pass the lock that this process holds.

        Returns:
            Its exit code.
        """
        name, *others = self.command
        program = [DBT] if self.is_dbt else [sys.executable, "-m", name]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        self.log.touch(mode=0o600)
        with self.log.open("w") as log:
            return subprocess.run(  # noqa: S603 - our own commands
                [*program, *others, *arguments],
                env=os.environ | {TOKEN: token},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

    def errors(self) -> list[str]:
        """Return the lines that say why it failed."""
        return [
            line.removeprefix(PREFIX)
            for line in self._lines()
            if line.startswith(PREFIX)
        ]

    def last_line(self) -> str:
        """Return the last line it printed, with which our steps say what they did."""
        return (self._lines() or [""])[-1]

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()


LOAD = Stage("load", ("loaders",))
# What reads the tables that a step fills is built after it.
AFTER = ("source:lift+", "source:insights+")
BUILD = Stage(
    "build", ("dbt", "build", "--quiet", *NO_TESTS, "--exclude", *AFTER), "load"
)
LIFT = Stage("lift", ("steps.lift",), "build")
# Nothing needs it: the marts say how many days it answered, be it none.
INSIGHTS = Stage("insights", ("steps.insights",), "build")
MARTS = Stage(
    "marts", ("dbt", "build", "--quiet", *NO_TESTS, "--select", *AFTER), "lift"
)
# Unit tests try the code and not the data: `dbt build` and CI run them.
TEST = Stage(
    "test", ("dbt", "test", "--quiet", "--exclude-resource-type", "unit_test"), "marts"
)
# What the stages before took and found is judged this morning, be they red.
TELEMETRY = Stage(
    "telemetry",
    (
        *("dbt", "build", "--quiet", "--exclude-resource-type", "unit_test"),
        *("--select", "source:production+"),
    ),
    "load",
)
# Its gate refuses by itself what is not tested, or failed.
PUBLISH = Stage("publish", ("steps.publish",), "marts")
REPORT = Stage("report", ("steps.report",), "publish")
EXPORT = Stage("export", ("steps.export",), "publish")
# It tells of what was published before, too, and of a night that failed.
SUMMARY = Stage("summary", ("steps.summary",))
STAGES = (
    *(LOAD, BUILD, LIFT, INSIGHTS, MARTS, TEST, TELEMETRY),
    *(PUBLISH, REPORT, EXPORT, SUMMARY),
)
