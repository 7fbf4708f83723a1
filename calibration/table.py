"""The table of the pseudo-pushes: the truth is that nothing happened."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from calibration.lines import percent, points
from calibration.tally import mean, share

UNLIMITED_WIDTH = 1000
NAMES = ("audience", "metric")
FIGURES = (
    *("results", "verdict", "refused", "observed\nfalse positives"),
    *("false\npositives", "bias"),
)


def pseudo_push_table() -> Table:
    """Return an empty table."""
    table = Table(
        title="This warehouse, without a push", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for name in NAMES:
        table.add_column(name, no_wrap=True)
    for name in FIGURES:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def add_line(
    table: Table,
    audience: str,
    metric: str,
    rows: Sequence[dict[str, Any]],
    alpha: float,
) -> None:
    """Add what rows of agg_push_campaign_lift say together."""
    tested = [row for row in rows if row["adjusted_p"] is not None]
    observed = [row for row in rows if row["observed_status"] == "ok"]
    lifts = [row["adjusted_percent"] for row in tested]
    table.add_row(
        audience,
        metric,
        str(len(rows)),
        percent(share(row["adjusted_p"] is not None for row in rows)),
        percent(share(row["design_tier"] == "T3" for row in rows)),
        percent(share(row["observed_p"] <= alpha for row in observed)),
        percent(share(row["adjusted_p"] <= alpha for row in tested)),
        points(mean(lift for lift in lifts if lift is not None)),
    )


def print_wide(console: Console, table: Table) -> None:
    """Print a table whole, however narrow the terminal is."""
    options = console.options.update(width=UNLIMITED_WIDTH)
    console.width = max(console.width, console.measure(table, options=options).maximum)
    console.print(table)
