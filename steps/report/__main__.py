"""The report: `python -m steps.report [--all] [--unpublished]`.

Data flow: the published marts -> answers and findings in the terminal and the folder
reports/, with self-contained pages, Markdown and JSON by campaign, and a workbook.
"""

import argparse
import sys
from pathlib import Path

from steps.marts import add_unpublished, open_marts
from steps.report.assistant import read_assistant
from steps.report.banner import read_banner
from steps.report.files import report_files, write_folder
from steps.report.front.data import read_front
from steps.report.product.data import read_product
from steps.report.pushes.data import read_report
from steps.report.templating import PAGES
from steps.report.terminal import print_assistant, print_everything, print_findings
from warehouse.console import command, text_console
from warehouse.descriptions import described_tables
from warehouse.progress import doing
from warehouse.settings import read_settings

FOLDER = Path("reports")


@command
def main() -> int:
    """Report on the warehouse of the environment; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.report", description="Report on the published marts."
    )
    parser.add_argument(
        "--all", action="store_true", help="print every result, whatever it shows"
    )
    add_unpublished(parser)
    arguments = parser.parse_args()
    console = text_console()
    doing("reading the marts")
    with open_marts(read_settings().warehouse_url, arguments.unpublished) as marts:
        banner = read_banner(marts)
        report = read_report(marts)
        product = read_product(marts)
        assistant = read_assistant(marts)
        front = read_front(marts)
        doing("writing the pages")
        tables = described_tables(marts.connection)
        files = report_files(banner, report, product, assistant, front, tables)
    write_folder(FOLDER, files)
    console.print(f"Marts: {report.origin}")
    if arguments.all:
        print_everything(report, console)
    print_assistant(assistant, console)
    console.print()
    for page in PAGES:
        console.print(f"{FOLDER / page}")
    print_findings(report, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
