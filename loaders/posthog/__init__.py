"""PostHog: the events named in contract.yml, the persons and their distinct ids.

Data flow: the query API of POSTHOG_HOST -> staging_posthog. What lands is proved
complete: see reading.py. Run alone: `python -m loaders posthog`. Needs
POSTHOG_PROJECT_ID, POSTHOG_API_KEY (a personal key with the scope query:read) and,
for real data, PII_HASH_KEY.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from loaders.contract import read_contract, tables_of
from loaders.errors import UserError
from loaders.posthog.api import Api
from loaders.posthog.client import PostHogClient
from loaders.posthog.tables import (
    PERSON_DISTINCT_IDS,
    PERSONS,
    EventsTable,
    SlicesTable,
    WholeTable,
)
from loaders.settings import SOURCE_VARIABLES, Settings


@contextmanager
def open_source(
    settings: Settings,
) -> Iterator[list[EventsTable | WholeTable | SlicesTable]]:
    """Yield the tables of the configured project, the ledger of its events last.

    Raises:
        UserError: a variable is missing.
    """
    variables = SOURCE_VARIABLES["posthog"]
    missing = [name for name in variables if not settings.value(name)]
    if missing:
        raise UserError(
            f"posthog: {', '.join(missing)} is not set: "
            f"it takes all of {', '.join(variables)}"
        )
    client = PostHogClient(Api(*map(settings.value, variables)))
    tables = {table.name: table for table in tables_of("posthog")}
    names = tuple(read_contract()["posthog_events"])
    events = EventsTable(tables["events"], client, names)
    yield [
        events,
        WholeTable(tables["persons"], client, PERSONS, "id"),
        WholeTable(
            tables["person_distinct_ids"], client, PERSON_DISTINCT_IDS, "distinct_id"
        ),
        SlicesTable(tables["load_slices"], events),
    ]
