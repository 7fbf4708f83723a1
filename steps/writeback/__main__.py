"""The write-back: `python -m steps.writeback verdicts segments [--send]`.

Data flow: the published marts of pushes and of engagement -> events of the properties
that allow_list.yml allows -> the PostHog project of POSTHOG_PROJECT_KEY, and what it
accepted -> the table writeback.deliveries. Without --send nothing leaves: it only shows
what would.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime

from steps.marts import add_unpublished, open_marts
from steps.writeback.allow_list import Kind, read_allow_list
from steps.writeback.capture import PostHogProject
from steps.writeback.destination import permitted_project
from steps.writeback.events import Event, batches, read_events
from steps.writeback.ledger import Ledger
from warehouse.connection import connect_existing, require_existing
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.origins import hash_key_id
from warehouse.settings import Settings, read_settings


def show(settings: Settings, kinds: list[Kind], is_unpublished: bool) -> None:
    """Print what would be sent; nothing leaves and nothing is written.

    Raises:
        UserError: the warehouse does not open or its marts are missing.
    """
    url = settings.warehouse_url
    with open_marts(url, is_unpublished) as marts:
        found = [(kind, read_events(marts, kind)) for kind in kinds]
    sys.stdout.write(f"Marts: {marts.description}\n")
    with connect_existing(url, is_read_only=True) as warehouse:
        ledger = Ledger(warehouse, hash_key_id(settings.posthog_project_key or ""))
        for kind, events in found:
            new = ledger.undelivered(events)
            sys.stdout.write(
                f'{kind.name}: {len(new):,} of {len(events):,} events "{kind.event}" '
                "are to be sent\n"
                f"  properties: {', '.join(kind.columns)}\n"
            )
            for event in new[:1]:
                sys.stdout.write(f"  for example: {json.dumps(event.message())}\n")
    sys.stdout.write("Nothing was sent: that takes --send\n")


def send(
    settings: Settings,
    kinds: list[Kind],
    is_unpublished: bool,
    sleep: Callable[[float], None],
) -> None:
    """Send what PostHog has not accepted yet.

    Raises:
        UserError: something is missing, not allowed, or refused; what was accepted
            before is in the ledger.
    """
    url = settings.warehouse_url
    require_existing(url)
    # one after the other: a DuckDB file that is read cannot be opened to write
    with open_marts(url, is_unpublished) as marts:
        project = permitted_project(settings, marts.origins, sleep)
        events = [event for kind in kinds for event in read_events(marts, kind)]
    with one_writer(url, "writeback"), connect_existing(url) as warehouse:
        ledger = Ledger(warehouse, hash_key_id(project.api.api_key))
        ledger.create()
        new = ledger.undelivered(events)
        _deliver(new, project, ledger, marts.as_of)
    sys.stdout.write(
        f"PostHog accepted {len(new):,} events; {len(events) - len(new):,} were "
        "delivered before\n"
    )


def _deliver(
    events: list[Event], project: PostHogProject, ledger: Ledger, as_of: datetime
) -> None:
    delivered = 0
    for batch in batches(events):
        try:
            project.capture([event.message() for event in batch])
            ledger.note(batch, as_of)
        except UserError as error:
            raise UserError(
                f"{error} ({delivered:,} of {len(events):,} events are delivered; "
                "the next run goes on)"
            ) from error
        delivered += len(batch)


def parse_arguments(kinds: list[str]) -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.writeback", description="Send results to PostHog."
    )
    parser.add_argument("kinds", nargs="+", choices=kinds, help="what to send")
    parser.add_argument("--send", action="store_true", help="send it, not only show it")
    add_unpublished(parser)
    return parser.parse_args()


@command
def main(sleep: Callable[[float], None] = time.sleep) -> int:
    """Run the command; return its exit code."""
    allowed = read_allow_list()
    arguments = parse_arguments(list(allowed))
    kinds = [allowed[name] for name in dict.fromkeys(arguments.kinds)]
    settings = read_settings()
    if arguments.send:
        send(settings, kinds, arguments.unpublished, sleep)
    else:
        show(settings, kinds, arguments.unpublished)
    return 0


if __name__ == "__main__":
    sys.exit(main())
