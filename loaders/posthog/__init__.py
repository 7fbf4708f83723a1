"""PostHog: the events named in contract.yml, the persons and their distinct ids.

Data flow: PostHog -> staging_posthog. The events come by the query API (POSTHOG_MODE
query, the default), by file downloads (export) or from a folder of exported files
(lake): see querying.py, exporting.py, lake.py. What lands is proved complete: see
reading.py and sweeps.py. Run alone: `python -m loaders posthog`. Needs POSTHOG_HOST,
POSTHOG_PROJECT_ID, POSTHOG_API_KEY (a personal key with the scope query:read, for
exports batch_export:write too) and, for real data, PII_HASH_KEY.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from loaders.contract import read_contract, tables_of
from loaders.errors import UserError
from loaders.posthog.api import Api
from loaders.posthog.client import PostHogClient
from loaders.posthog.events import EventsTable
from loaders.posthog.limits import Deadline
from loaders.posthog.persons import WholeTable
from loaders.posthog.querying import QueryMode
from loaders.posthog.questions import PERSON_DISTINCT_IDS, PERSONS
from loaders.posthog.slices import QUERY
from loaders.settings import Settings

VARIABLES = ("POSTHOG_HOST", "POSTHOG_PROJECT_ID", "POSTHOG_API_KEY")


@contextmanager
def open_source(settings: Settings) -> Iterator[list[EventsTable | WholeTable]]:
    """Yield the tables of the configured project, the events first.

    Raises:
        UserError: a variable is missing.
    """
    tables = {table.name: table for table in tables_of("posthog")}
    client = open_client(settings)
    modes = {QUERY: query_mode(client)}
    yield [
        EventsTable(
            tables["events"],
            tables["load_slices"],
            settings.posthog_mode,
            modes,
            client.api.deadline.give_up,
        ),
        WholeTable(tables["persons"], client, PERSONS),
        WholeTable(tables["person_distinct_ids"], client, PERSON_DISTINCT_IDS),
    ]


def open_client(settings: Settings) -> PostHogClient:
    """Return the query API of the configured project; its deadline begins now.

    Raises:
        UserError: a variable is missing.
    """
    missing = [name for name in VARIABLES if not settings.value(name)]
    if missing:
        raise UserError(
            f"posthog: {', '.join(missing)} is not set: "
            f"it takes all of {', '.join(VARIABLES)}"
        )
    deadline = Deadline(settings.deadline_hours)
    return PostHogClient(Api(*map(settings.value, VARIABLES), deadline=deadline))


def query_mode(client: PostHogClient) -> QueryMode:
    """Return the reader of the events that contract.yml names."""
    [events] = [table for table in tables_of("posthog") if table.name == "events"]
    overlap = timedelta(hours=events.overlap_hours)
    return QueryMode(client, tuple(read_contract()["posthog_events"]), overlap)
