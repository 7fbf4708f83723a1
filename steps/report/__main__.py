"""The report: `python -m steps.report [--unpublished]`.

Data flow: the published marts of pushes and of the assistant -> tables and answers in
the terminal and the folder reports/, with a self-contained page of each, Markdown and
JSON by campaign, and a workbook.
"""

import argparse
import sys
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from steps.marts import add_unpublished, open_marts
from steps.report import formats
from steps.report.assistant import Assistant, questions, read_assistant, reading
from steps.report.banner import read_banner
from steps.report.files import report_files, write_folder
from steps.report.formats import Row
from steps.report.pushes import series, wording
from steps.report.pushes.data import read_report
from steps.report.pushes.model import Campaign, Report
from steps.report.templating import PAGES
from warehouse.console import command
from warehouse.settings import read_settings

FOLDER = Path("reports")
UNLIMITED_WIDTH = 1000
LONGEST_TITLE = 34
RIGHT_ALIGNED = ("layer", "n", "observed", "adjusted q", "sends", "q")


def print_series(report: Report, console: Console) -> None:
    """Print one line per push and metric of which several sends tell something."""
    rows = [
        row
        for _, results in report.repeated_by_metric
        for row in results
        if series.has_lift(row)
    ]
    if rows:
        interval = f"average [{formats.share(1 - report.parameters.alpha)} interval]"
        table = _table(
            f"Push by push, over all its sends (run {report.run_id})",
            ("push", "layer", "metric", "sends", interval, "next send", "q", "verdict"),
        )
        for row in rows:
            table.add_row(*_series_cells(row))
        _print_whole(table, console)


def print_campaigns(report: Report, console: Console) -> None:
    """Print one line per campaign and metric that has enough data to say anything."""
    interval = f"adjusted [{formats.share(1 - report.parameters.alpha)} interval]"
    numbers = ("observed", interval, "tier", "adjusted q")
    table = _table(
        f"What single sends changed, per recipient and day (run {report.run_id})",
        ("campaign", "layer", "metric", "n", *numbers, "verdict"),
    )
    for campaign in report.campaigns:
        for row in campaign.reportable:
            table.add_row(*_cells(campaign, row))
    _print_whole(table, console)
    for line in _left_out(report):
        console.print(line)


def print_questions(assistant: Assistant, console: Console) -> None:
    """Print the four questions about the assistant, if there is one."""
    if assistant.is_loaded:
        console.print(f"The assistant. {reading(assistant)}")
        for question in questions(assistant):
            console.print(f" {question.text} {' '.join(question.sentences)}")


def _table(title: str, columns: tuple[str, ...]) -> Table:
    """Head a table, whose first column is a title, which may be long."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    first, *others = columns
    table.add_column(first, no_wrap=True, max_width=LONGEST_TITLE)
    for name in others:
        justify = "right" if name in RIGHT_ALIGNED else "left"
        table.add_column(name, justify=justify, no_wrap=True)
    return table


def _print_whole(table: Table, console: Console) -> None:
    # rich would cut digits to fit a narrow terminal
    options = console.options.update(width=UNLIMITED_WIDTH)
    console.width = max(console.width, console.measure(table, options=options).maximum)
    console.print(table)


def _series_cells(row: Row) -> list[str]:
    return [
        formats.one_line(row["push_title"]),
        formats.NOTHING if row["layer_id"] is None else str(row["layer_id"]),
        row["metric"],
        series.compared(row),
        series.lift(row),
        series.next_send(row),
        formats.q_value(row["series_q"]),
        wording.VERDICTS[row["verdict"]],
    ]


def _cells(campaign: Campaign, row: Row) -> list[str]:
    return [
        f"{campaign.day} {campaign.title}",
        formats.NOTHING if row["layer_id"] is None else str(row["layer_id"]),
        row["metric"],
        f"{row['recipients']:,}",
        formats.change(row["observed_lift"]),
        wording.adjusted_lift(row),
        row["design_tier"] or formats.NOTHING,
        formats.q_value(row["adjusted_q"]),
        wording.VERDICTS[row["verdict"]],
    ]


def _left_out(report: Report) -> list[str]:
    """Say how many rows the table does not show, and why."""
    total, uncomputed = len(report.results), report.not_computed
    untracked = report.not_tracked
    unreportable = sum(map(wording.has_too_little_data, report.results))
    too_small = unreportable - uncomputed - untracked
    lines = [
        f"{formats.capitalised(known)}: what ended later is open."
        for known in report.lagging
    ]
    if untracked:
        lines.append(
            f"{untracked} of {total} rows are {wording.VERDICTS['not_tracked']}"
        )
    if too_small:
        lines.append(
            f"{too_small} of {total} rows have too few recipients or events to say "
            "anything; the page lists them."
        )
    if uncomputed:
        lines.append(
            f"{uncomputed} of {total} rows are {wording.VERDICTS['not_computed']}"
        )
    return lines


@command
def main() -> int:
    """Report on the warehouse of the environment; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.report", description="Write the report of the push marts."
    )
    add_unpublished(parser)
    arguments = parser.parse_args()
    # titles are other people's text: no markup, no emoji codes
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    with open_marts(read_settings().warehouse_url, arguments.unpublished) as marts:
        banner = read_banner(marts)
        report = read_report(marts)
        assistant = read_assistant(marts)
    print_series(report, console)
    print_campaigns(report, console)
    print_questions(assistant, console)
    write_folder(FOLDER, report_files(banner, report, assistant))
    sys.stdout.write(f"Marts: {report.origin}\n")
    for page in reversed(PAGES):
        sys.stdout.write(f"{FOLDER / page}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
