"""Land the sources and say what came: `python -m loaders [source ...]`.

With `--check` it lands nothing and says what it would find, see `loaders.check`.

The exit code is 0 if every source landed, 1 if any failed, 2 for a wrong command line.
"""

import argparse
import logging
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

from rich.console import Console

from loaders import neon, posthog, telemetry
from loaders.check import check, show_findings
from loaders.configured import configured
from loaders.database import open_databases
from loaders.ledger import TableResult
from loaders.load import create_missing, load_source
from loaders.shown import Notice, brought, show
from warehouse.connection import OTHERS, connect, is_duckdb, postgres_parts
from warehouse.console import command, write_error
from warehouse.errors import UserError, root_cause, stack_trace
from warehouse.lock import locked
from warehouse.one_writer import one_writer
from warehouse.origins import check_origin, hash_key_id
from warehouse.profile import write_profile
from warehouse.progress import doing, told
from warehouse.settings import SOURCE_VARIABLES, Settings, read_settings
from warehouse.states import ERROR, LOAD, STARTED, SUCCESS, record
from warehouse.versions import check_not_newer

logger = logging.getLogger("loaders")

LOCK_FILE = Path("data/load.lock")  # of the folder, which has one place for its files

# A source that is nothing but databases needs no module of its own.
OPENED_BY = {
    "neon": neon.open_source,
    "posthog": posthog.open_source,
    "telemetry": telemetry.open_source,
}


def load(
    names: list[str], settings: Settings, must_reconcile: bool, accept_deletes: bool
) -> list[str]:
    """Load the named sources one after the other; return what failed."""
    results: list[TableResult] = []
    failures: list[str] = []
    failed: set[str] = set()
    data_origin = "demo" if settings.is_demo else "real"
    url = settings.warehouse_url
    with connect(url) as connection:
        check_not_newer(connection)
        check_origin(
            connection,
            list(SOURCE_VARIABLES),
            data_origin,
            hash_key_id(settings.hash_key),
        )
        record(connection, {f"{LOAD}{name}": STARTED for name in names})
        connection.commit()
    with configured(settings) as sources:
        os.umask(OTHERS)  # of what DuckDB and dlt write beside the warehouse
        for source in SOURCE_VARIABLES:
            try:
                if source not in names or not sources.has_source(source):
                    create_missing(source, sources.warehouse_url)
                    continue
                read_at = sources.copied_at or datetime.now(UTC)
                began_at = perf_counter()
                doing(source)
                opened = OPENED_BY.get(source, partial(open_databases, source))
                with opened(sources) as readables:
                    loaded = load_source(
                        source,
                        readables,
                        sources.warehouse_url,
                        settings.hash_key,
                        data_origin,
                        must_reconcile,
                        read_at,
                        accept_deletes,
                    )
                results += loaded
                told(source, perf_counter() - began_at, brought(loaded))
            except Exception as error:
                logger.debug("%s failed: %s", source, stack_trace(error))
                role = postgres_parts(url)["user"] if not is_duckdb(url) else ""
                failures.append(root_cause(source, error, role))
                failed.add(source)
                with suppress(Exception):  # it may be the warehouse that fails
                    create_missing(source, sources.warehouse_url)
    failed |= {result.table.source for result in results if result.error}
    with suppress(Exception), connect(settings.warehouse_url) as connection:
        record(
            connection,
            {f"{LOAD}{name}": ERROR if name in failed else SUCCESS for name in names},
        )
        connection.commit()
    show([result for result in results if result.is_complete])
    failures += [result.error for result in results if result.error]
    return list(dict.fromkeys(failures))


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
                Console(soft_wrap=True).print(estimate(settings), highlight=False)
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
