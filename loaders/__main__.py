"""Land the sources and say what came: `python -m loaders [source ...]`.

With `--check` it lands nothing and says what it would find, see `loaders.check`.

The exit code is 0 if every source landed, 1 if any failed, 2 for a wrong command line.
"""

import argparse
import logging
import sys
from pathlib import Path

from rich.console import Console

from loaders import posthog
from loaders.check import check, show_findings
from loaders.configured import configured
from loaders.lake import landed_in
from loaders.load import create_missing
from loaders.load_all import load
from loaders.shown import Notice
from warehouse.console import command, write_error
from warehouse.errors import UserError, root_cause, stack_trace
from warehouse.lock import locked
from warehouse.one_writer import one_writer
from warehouse.profile import write_profile
from warehouse.settings import SOURCE_VARIABLES, Settings, read_settings

logger = logging.getLogger("loaders")

LOCK_FILE = Path("data/load.lock")  # of the folder, which has one place for its files


def estimate(settings: Settings) -> str:
    """Return what loading the events of PostHog would take.

    Raises:
        UserError: PostHog is not configured or cannot be read.
    """
    wanted(["posthog"], settings)
    create_missing("posthog", settings.warehouse_url)
    with configured(settings) as sources:
        return posthog.estimated(sources)


def wanted(names: list[str], settings: Settings) -> list[str]:
    """Return the sources to load: those named, or all; what is not set is skipped.

    Raises:
        UserError: a source that was named is not configured.
    """
    if settings.is_demo:
        return names or list(SOURCE_VARIABLES)
    unset = [
        name for name in names or SOURCE_VARIABLES if not settings.has_source(name)
    ]
    for name in unset:
        variables = ", ".join(SOURCE_VARIABLES[name])
        if names:
            raise UserError(f"{name} is not configured: set {variables}")
        logger.info("%s is not configured, it is skipped", name)
    return [name for name in names or SOURCE_VARIABLES if name not in unset]


def parse_arguments() -> argparse.Namespace:
    """Read the command line; an unknown source ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m loaders", description="Land the sources in the warehouse."
    )
    parser.add_argument(
        "sources", nargs="*", metavar="source", help=f"of {', '.join(SOURCE_VARIABLES)}"
    )
    parser.add_argument(
        "--reconcile", action="store_true", help="look for hard deletes now"
    )
    parser.add_argument(
        "--accept-deletes",
        action="store_true",
        help="look for hard deletes now, and take for deleted whatever is gone from a "
        "source, however much it is, and whole tables and columns",
    )
    parser.add_argument(
        "--demo", action="store_true", help="load the demo, whatever is configured"
    )
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="tell what loading the events of PostHog would take, and load nothing",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="tell what a load would find, a line each, and load nothing",
    )
    parser.add_argument("--debug", action="store_true", help="show stack traces")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.sources if name not in SOURCE_VARIABLES]
    if unknown:
        parser.exit(
            2,
            f"error: unknown source {', '.join(unknown)}: "
            f"use any of {', '.join(SOURCE_VARIABLES)}\n",
        )
    return arguments


@command
def main() -> int:
    """Run the command; return its exit code."""
    arguments = parse_arguments()
    logging.basicConfig(format="%(message)s")
    logging.getLogger().handlers[0].setFormatter(Notice())
    logger.setLevel(logging.DEBUG if arguments.debug else logging.INFO)
    try:
        settings = read_settings()
        if arguments.demo:
            settings = Settings(warehouse_url=settings.warehouse_url)
        if arguments.check:
            return show_findings(check(settings))
        settings.check()
        write_profile()
        with one_writer(settings.warehouse_url, "load"), locked(LOCK_FILE, "load"):
            if arguments.estimate:
                told = estimate(landed_in(settings))
                Console(soft_wrap=True).print(told, highlight=False)
                return 0
            names = wanted(arguments.sources, settings)
            failures = load(
                names, settings, arguments.reconcile, arguments.accept_deletes
            )
    except KeyboardInterrupt:
        failures = ["interrupted: load again to finish"]
    except Exception as error:
        logger.debug("the load failed: %s", stack_trace(error))
        failures = [root_cause("the load", error)]
    for message in failures:
        for line in message.splitlines():
            write_error(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
