"""Tallies in the terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from calibration.tally import Tally
from steps.report.formats import NOTHING

UNLIMITED_WIDTH = 1000
HEADINGS = (
    *("results", "design", "refused", "decided", "observed\nsignificant"),
    *("adjusted\nsignificant", "coverage", "observed\nbias", "adjusted\nbias"),
)


def calibration_table(title: str, first: str, second: str) -> Table:
    """Return an empty table whose rows two columns name."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in (first, second, *HEADINGS):
        is_text = name in (first, "design")
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    return table


def add_tally(table: Table, first: str, second: str, tally: Tally) -> None:
    """Add a row."""
    tiers = ", ".join(f"{tier} {count}" for tier, count in sorted(tally.tiers.items()))
    table.add_row(
        first,
        second,
        str(tally.results),
        tiers,
        _share(tally.refused),
        str(tally.decided),
        _share(tally.observed_significant),
        _share(tally.significant),
        _share(tally.coverage),
        _points(tally.observed_bias),
        _points(tally.bias),
    )


def print_wide(console: Console, table: Table) -> None:
    """Print a table whole, however narrow the terminal is."""
    options = console.options.update(width=UNLIMITED_WIDTH)
    console.width = max(console.width, console.measure(table, options=options).maximum)
    console.print(table)


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0%}"


def _points(value: float | None) -> str:
    return NOTHING if value is None else f"{value:+.1f}"
