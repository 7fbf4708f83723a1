"""Look at a table: `python -m steps.show [TABLE] [--limit N] [--columns NAME,NAME]`.

Data flow: the published marts, or else the tables of the warehouse -> what a table
means, its columns and some of its rows, in the terminal. Nothing is written.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from textwrap import wrap

from adbc_driver_manager.dbapi import Connection
from rich.cells import cell_len, set_cell_size
from rich.console import Console

from steps.marts import add_unpublished, open_marts
from warehouse.connection import connect_existing, is_spark
from warehouse.console import command, text_console
from warehouse.descriptions import Column, DescribedTable, described_tables
from warehouse.errors import UserError
from warehouse.settings import read_settings
from warehouse.tables import read
from warehouse.text import printable

ROWS = 5
GAP = 2  # signs between columns
LONGEST_VALUE = 24  # signs of a value, where a row does not fit in a line
# the schemas of the warehouse that are published, and those they are published in
PUBLISHED = ("core", "aggregates", "seeds", "ai", "marts", "training")

Cells = list[str]


@dataclass(frozen=True)
class Place:
    """Where tables are: the published marts, or the warehouse.

    Attributes:
        origin: What it is, as readers are told.
    """

    connection: Connection
    origin: str
    tables: list[DescribedTable]


def places(url: str, is_unpublished: bool, stack: ExitStack) -> Iterator[Place]:
    """Open the published marts, if there are any, and then the warehouse.

    Raises:
        UserError: the warehouse does not open.
    """
    if not is_unpublished and not is_spark(url):
        with suppress(UserError):  # nothing is published
            marts = stack.enter_context(open_marts(url, is_unpublished=False))
            tables = [
                table
                for table in described_tables(marts.connection)
                if table.schema in marts.schemas
            ]
            yield Place(marts.connection, f"Published: {marts.description}", tables)
    connection = stack.enter_context(connect_existing(url, is_read_only=True))
    tables = described_tables(connection)
    yield Place(connection, "Not published: the warehouse as it is now", tables)


def find(name: str, opened: Iterator[Place]) -> tuple[Place, DescribedTable]:
    """Return the table of a name, in the first place that has it.

    Raises:
        UserError: none has it, or the name alone is that of several.
    """
    schema, _, bare = name.rpartition(".")
    known: set[str] = set()
    for place in opened:
        found = [table for table in place.tables if name in (table.name, table.place)]
        if not found and schema in PUBLISHED and place.origin.startswith("Published"):
            found = [table for table in place.tables if table.name == bare]
        if len(found) == 1:
            return place, found[0]
        if found:
            several = ", ".join(table.place for table in found)
            raise UserError(f"{name} is the name of several tables: {several}")
        known |= {table.name for table in place.tables}
    near = get_close_matches(bare, sorted(known), n=3)
    told = f"did you mean {', '.join(near)}?" if near else "`make show` lists them"
    raise UserError(f"there is no table {printable(name)}: {told}")


def choose(table: DescribedTable, names: list[str]) -> list[Column]:
    """Return some columns of a table.

    Raises:
        UserError: it has no such column.
    """
    columns = {column.name: column for column in table.columns}
    for name in names:
        if name not in columns:
            near = get_close_matches(name, columns, n=3)
            told = f"; did you mean {', '.join(near)}?" if near else ""
            raise UserError(f"{table.name} has no column {printable(name)}{told}")
    return [columns[name] for name in names]


def print_tables(place: Place, console: Console) -> None:
    """Print what tables there are, with the beginning of what they mean."""
    lines = [[one.place, one.meaning.partition(". ")[0]] for one in place.tables]
    _print_lines([["table", "what its rows are"], *lines], console)
    console.print(f"\n{len(lines):,} tables. {place.origin}")


def print_table(
    place: Place,
    table: DescribedTable,
    shown: list[Column],
    limit: int,
    console: Console,
) -> None:
    """Print what a table and its columns mean, and rows, the last by its first column.

    Args:
        place: Where it is.
        table: The table.
        shown: The columns to show.
        limit: How many rows.
        console: Whose width is used.
    """
    source = f'"{table.schema}"."{table.name}"'
    names = [column.name for column in shown]
    columns = ", ".join(f'"{name}"' for name in names)
    [counted], rows = (
        read(place.connection, query).to_pylist()
        for query in (
            f"select count(*) as total from {source}",  # noqa: S608 - known names
            f"select {columns} from {source} "  # noqa: S608 - known names
            f'order by "{table.columns[0].name}" desc nulls last limit {limit}',
        )
    )
    console.print(f"{table.place}. {table.meaning}\n")
    meanings = [[one.name, one.data_type, one.meaning] for one in shown]
    _print_lines([["column", "type", "meaning"], *meanings], console)
    values = [[_value(row[name]) for name in names] for row in rows]
    for block in _blocks(names, values, console.width):
        console.print()
        _print_lines(block, console)
    total = counted["total"]
    console.print(f"\n{len(rows):,} of {total:,} rows. {place.origin}")


def _blocks(names: Cells, rows: list[Cells], width: int) -> Iterator[list[Cells]]:
    """Yield rows below their names if they fit, or beside them, some at a time."""
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    if sum(widths) + GAP * len(widths) <= width:
        yield [names, *rows]
        return
    short = [[_cut(value) for value in row] for row in rows]
    longest = max(cell_len(value) for row in short for value in row) + GAP
    beside = max(1, (width - max(map(len, names))) // longest)
    for start in range(0, len(short), beside):
        block = short[start : start + beside]
        yield [list(cells) for cells in zip(names, *block, strict=True)]


def _print_lines(lines: list[Cells], console: Console) -> None:
    """Print cells in columns, of which the last takes several lines if need be."""
    widths = [max(map(cell_len, column)) + GAP for column in zip(*lines, strict=True)]
    indent = sum(widths[:-1])
    for *cells, last in lines:
        start = "".join(map(set_cell_size, cells, widths))
        for text in wrap(last, max(LONGEST_VALUE, console.width - indent)) or [""]:
            console.print(f"{start}{text}".rstrip(), no_wrap=True, overflow="ellipsis")
            start = " " * indent


def _value(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return printable(str(value))


def _cut(value: str) -> str:
    is_long = len(value) > LONGEST_VALUE
    return f"{value[: LONGEST_VALUE - 1]}…" if is_long else value


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows")
    return int(text)


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.show", description="Look at a table, and write nothing."
    )
    add = parser.add_argument
    add("table", nargs="?", help="with its schema or without; none lists them all")
    add("--limit", type=_positive, default=ROWS, help="rows (%(default)s)")
    add("--columns", metavar="NAME,NAME", help="show only these columns")
    add_unpublished(parser)
    return parser.parse_args()


@command
def main() -> int:
    """Show a table of the warehouse of the environment; return the exit code."""
    arguments = parse_arguments()
    console = text_console()
    with ExitStack() as stack:
        opened = places(read_settings().warehouse_url, arguments.unpublished, stack)
        if arguments.table is None:
            print_tables(next(opened), console)
            return 0
        place, table = find(arguments.table, opened)
        shown = table.columns
        if arguments.columns:
            shown = choose(table, arguments.columns.split(","))
        print_table(place, table, shown, arguments.limit, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
