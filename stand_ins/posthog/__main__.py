"""A test server for PostHog loaders: it serves events until it is interrupted."""

import argparse
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from stand_ins.posthog import StandIn, Store, fixtures, world_clock
from stand_ins.posthog.lake import write_everything
from stand_ins.posthog.script_file import ScriptError, play_file
from stand_ins.posthog.server import PAGE_CAP
from warehouse.console import command


@command
def main() -> int:
    """Start the server and tell its address."""
    parser = _parser()
    arguments = parser.parse_args()
    try:
        stand_in = _stand_in(arguments)
    except (OSError, OverflowError, duckdb.Error, ScriptError) as error:
        parser.error(str(error))
    with stand_in:
        _announce(stand_in)
        _wait()
    return 0


def _stand_in(arguments: argparse.Namespace) -> StandIn:
    store = Store(arguments.time_zone)
    if arguments.events:
        store.load_world(arguments.events)
    if arguments.fixtures:
        fixtures.add_all(store, store.newest_ingestion() or datetime.now(UTC))
    clock = world_clock(store)
    if arguments.lake:
        write_everything(store, arguments.lake, clock())
    ports = {"port": arguments.port, "files_port": arguments.files_port}
    stand_in = StandIn(store, clock, page_cap=arguments.page_cap, **ports)
    if arguments.script:
        play_file(stand_in, arguments.script)
    return stand_in


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stand_ins.posthog", description=__doc__
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="of the API; default: a free one")
    add("--files-port", type=int, default=0, help="of the host of exported files")
    add("--events", type=Path, metavar="FOLDER", help="events.parquet; also persons")
    add("--fixtures", action="store_true", help="add events that are easily lost")
    add("--script", type=Path, metavar="JSON", help="faults: see script_file.py")
    add("--lake", type=Path, metavar="FOLDER", help="write daily exports there, too")
    add("--time-zone", default="UTC", help="of the project; default: UTC")
    add("--page-cap", type=int, default=PAGE_CAP, help="rows of a page at most")
    return parser


def _announce(stand_in: StandIn) -> None:
    address = stand_in.address
    sys.stdout.write(
        f"POSTHOG_HOST={address.host}\n"
        f"POSTHOG_PROJECT_ID={address.project_id}\n"
        f"POSTHOG_API_KEY={address.api_key}\n"
        f"POSTHOG_PROJECT_KEY={address.project_token}\n"
    )
    sys.stdout.flush()


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main())
