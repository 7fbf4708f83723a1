"""The export: `python -m steps.export [--consumer NAME] [--k USERS] [--allow CHECK]`.

Data flow: the published datasets of models/ai, and what dbt documents about them -> for
each a folder exports/<dataset>/version=<version>, with Parquet, CSV and documents.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from steps.export.catalogue import read_datasets
from steps.export.folders import OTHER_FILES_DIFFER, only_export
from steps.export.gate import check_gate
from steps.export.pseudonyms import consumer_key
from steps.export.release import (
    Exporter,
    Release,
    read_about,
    read_missing_systems,
)
from steps.export.rows import SPLITS
from steps.export.version import Terms
from steps.manifest import read_manifest, target_folder
from steps.marts import add_unpublished, open_marts
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.progress import doing
from warehouse.settings import read_settings

FOLDER = Path("exports")
CONSUMER = "alchemi"
CONSUMER_NAME = re.compile("[a-z0-9][a-z0-9_-]*")
SMALLEST_GROUP = 10
UNLIMITED_WIDTH = 1000


def export_all(
    consumer: str, k: int, allowed: list[str], is_unpublished: bool
) -> tuple[dict[str, Release | str], dict[str, str]]:
    """Export every dataset of the warehouse of the environment.

    Args:
        consumer: For whom.
        k: Rows whose quasi-identifiers fewer users share are withheld.
        allowed: The checks of the quality gate that may fail.
        is_unpublished: Export what nobody has published.

    Returns:
        What was done by dataset, or why it has no rows, and what went wrong with the
        others.

    Raises:
        UserError: the warehouse or the folder does not open, nothing is built, or the
            quality gate fails.
    """
    settings = read_settings()
    project = read_manifest(target_folder())
    datasets = read_datasets(project)
    # versions of two consumers have the same name and other bytes
    folder = FOLDER if consumer == CONSUMER else FOLDER / f"consumer={consumer}"
    releases: dict[str, Release | str] = {}
    failures: dict[str, str] = {}
    with (
        open_marts(settings.warehouse_url, is_unpublished) as marts,
        only_export(FOLDER) as working,
    ):
        key = consumer_key(marts.origins, settings, consumer)
        failing = check_gate(marts, project, allowed)
        terms = Terms(consumer, k, marts.as_of_day, marts.generation, failing)
        about = read_about(marts)
        missing = read_missing_systems(marts)
        exporter = Exporter(marts, terms, key, about, folder, working)
        for number, dataset in enumerate(datasets):
            doing(dataset.name, number, len(datasets))
            try:
                releases[dataset.name] = exporter.export(dataset) or _why_empty(
                    missing.get(dataset.name)
                )
            except UserError as error:
                marts.connection.rollback()
                failures[dataset.name] = str(error)
    return releases, failures


def _why_empty(missing: list[str] | None) -> str:
    if not missing:
        return "has no rows yet and is left out"
    return (
        f"has no rows and is left out: its labels read {', '.join(missing)}, of which "
        "nothing is loaded"
    )


def print_table(releases: Iterable[Release], console: Console) -> None:
    """Print one line per version."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("dataset", "version"):
        table.add_column(name, no_wrap=True)
    for name in (*SPLITS, "withheld", "size"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("folder", "is"):
        table.add_column(name, no_wrap=True)
    for release in releases:
        version = release.version
        table.add_row(
            version.dataset.name,
            version.name,
            *(f"{rows:,}" for rows in version.rows.values()),
            f"{sum(version.withheld.values()):,}",
            decimal(sum(file.bytes for file in version.data_files)),
            str(release.folder),
            release.status,
        )
    # rich would cut paths to fit a narrow terminal
    options = console.options.update(width=UNLIMITED_WIDTH)
    console.width = max(console.width, console.measure(table, options=options).maximum)
    console.print(table)


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.export", description="Write the datasets as files."
    )
    parser.add_argument(
        "--consumer", default=CONSUMER, type=_consumer, help="for whom (%(default)s)"
    )
    parser.add_argument(
        "--k",
        default=SMALLEST_GROUP,
        type=_group_size,
        help="withhold what fewer users than this share (%(default)s)",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="CHECK",
        help="export though this check of the quality gate fails; may be repeated",
    )
    add_unpublished(parser)
    return parser.parse_args()


def _consumer(name: str) -> str:
    if not CONSUMER_NAME.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f"{name!r} is no name: use small letters, digits, - and _"
        )
    return name


def _group_size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of users")
    return int(text)


@command
def main() -> int:
    """Run the command; return its exit code."""
    arguments = parse_arguments()
    releases, failures = export_all(
        arguments.consumer, arguments.k, arguments.allow, arguments.unpublished
    )
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
    print_table(
        [release for release in releases.values() if isinstance(release, Release)],
        console,
    )
    for name, release in releases.items():
        if isinstance(release, str):
            sys.stdout.write(f"{name} {release}\n")
        elif release.status == OTHER_FILES_DIFFER:
            sys.stdout.write(
                f"{release.folder} has the same rows and stays, but its other files "
                "are older: to renew them, delete it and export again\n"
            )
    for name, failure in failures.items():
        sys.stderr.write(f"error: {name}: {failure}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
