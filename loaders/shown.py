"""What a load shows of itself: notices, a line per source, and a table at the end."""

import logging
import sys

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as TextTable

from loaders.ledger import TableResult
from warehouse.console import fitted


class Notice(logging.Formatter):
    """Breaks long notices between words, on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return what is written of a notice."""
        return fitted(super().format(record), sys.stderr)


def brought(results: list[TableResult]) -> str:
    """Say what a source brought."""
    rows = sum(result.rows_new + result.rows_changed for result in results)
    failed = sum(bool(result.error) for result in results)
    told_failed = f", {failed} failed" if failed else ""
    tables = "1 table" if len(results) == 1 else f"{len(results)} tables"
    return f"{tables}, {rows:,} rows new or changed{told_failed}"


def show(results: list[TableResult]) -> None:
    """Print the rows each table won or lost, and the sum."""
    table = TextTable(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("source", "table"):
        table.add_column(heading)
    for heading in ("new", "changed", "deleted", "rejected"):
        table.add_column(heading, justify="right")
    counts = [
        (
            result.rows_new,
            result.rows_changed,
            result.rows_deleted,
            result.rows_rejected,
        )
        for result in results
    ]
    for result, row in zip(results, counts, strict=True):
        if any(row):
            table.add_row(result.table.source, result.table.name, *map(str, row))
    sums = [str(sum(column)) for column in zip(*counts, strict=True)] or ["0"] * 4
    table.add_row("all", f"{len(results)} tables", *sums)
    Console().print(table)
