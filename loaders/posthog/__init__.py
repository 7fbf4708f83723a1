"""PostHog: the events named in contract.yml, the persons and their distinct ids.

Data flow: PostHog -> staging_posthog. The events come by the query API (POSTHOG_MODE
query, the default), by file downloads (export) or from a folder or bucket of exported
files (lake). `api` asks PostHog, `slices` reads a table in pieces that are proved
complete, `modes` are the three ways to get them, `events` and `persons` the tables, and
`reconciliation` looks for what came late. Run alone: `python -m loaders posthog`. Needs
POSTHOG_HOST, POSTHOG_PROJECT_ID, POSTHOG_API_KEY (a personal key with the scope
query:read, for exports batch_export:write too), for a lake only POSTHOG_EXPORT_DIR,
and, for real data, PII_HASH_KEY.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from loaders.contract import Table, read_contract, tables_of
from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.http import Api
from loaders.posthog.api.limits import Deadline
from loaders.posthog.estimate import estimate
from loaders.posthog.events import EventsTable, Mode
from loaders.posthog.modes.export import ExportMode
from loaders.posthog.modes.export_runs import Exports
from loaders.posthog.modes.lake import LakeMode, LakePersons
from loaders.posthog.modes.lake_files import Lake, open_lake
from loaders.posthog.modes.query import QueryMode
from loaders.posthog.persons import WholeTable
from loaders.posthog.slices.ledger import SliceLedger
from loaders.posthog.slices.slice import EXPORT, LAKE, QUERY
from loaders.posthog.slices.table_queries import PERSON_DISTINCT_IDS, PERSONS
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.settings import Settings

logger = logging.getLogger(__name__)

API_VARIABLES = ("POSTHOG_HOST", "POSTHOG_PROJECT_ID", "POSTHOG_API_KEY")
Readables = list[EventsTable | WholeTable | LakePersons]


@contextmanager
def open_source(settings: Settings) -> Iterator[Readables]:
    """Yield the tables of the configured project, the events first.

    Raises:
        UserError: a variable is missing or wrong.
    """
    tables = {table.name: table for table in tables_of("posthog")}
    has_api = settings.posthog_mode != LAKE or bool(settings.posthog_api_key)
    api = open_api(settings) if has_api else None
    lake = _lake(settings) if settings.posthog_mode == LAKE else None
    modes: dict[str, Mode] = {}
    if api:
        modes[QUERY] = query_mode(api)
        modes[EXPORT] = ExportMode(modes[QUERY], Exports(api))
    if lake:
        modes[LAKE] = LakeMode(lake, event_names())
    give_up = api.deadline.give_up if api else lambda: None
    ledger = tables["load_slices"]
    yield [
        EventsTable(tables["events"], ledger, settings.posthog_mode, modes, give_up),
        *_persons(tables, api, lake),
    ]


def open_api(settings: Settings) -> Api:
    """Return the API of the configured project; its deadline begins now.

    Raises:
        UserError: a variable is missing or wrong.
    """
    missing = [name for name in API_VARIABLES if not settings.value(name)]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise UserError(
            f"posthog: {', '.join(missing)} {verb} not set: "
            f"POSTHOG_MODE={settings.posthog_mode} takes {', '.join(API_VARIABLES)}"
        )
    deadline = Deadline(settings.deadline_hours)
    return Api(*map(settings.value, API_VARIABLES), deadline=deadline)


def query_mode(api: Api) -> QueryMode:
    """Return the reader of the events that contract.yml names."""
    [events] = [table for table in tables_of("posthog") if table.name == "events"]
    overlap = timedelta(hours=events.overlap_hours)
    return QueryMode(PostHogClient(api), event_names(), overlap)


def event_names() -> tuple[str, ...]:
    """Return the names of the events to load, each once.

    Raises:
        UserError: contract.yml names none, or something that is no name.
    """
    names = read_contract().get("posthog_events") or []
    if not names or not all(isinstance(name, str) for name in names):
        raise UserError(
            "posthog: posthog_events in loaders/contract.yml should be a list of names "
            "of events: name one at least, and put numbers between quotes"
        )
    return tuple(dict.fromkeys(names))


def estimated(settings: Settings) -> str:
    """Tell what the next load of the events would take, without loading.

    Raises:
        UserError: a variable is missing, or PostHog cannot be read.
    """
    tables = {table.name: table for table in tables_of("posthog")}
    with connect(settings.warehouse_url) as connection:
        ledger = SliceLedger(connection, tables["load_slices"])
        return str(estimate(query_mode(open_api(settings)), ledger))


def _lake(settings: Settings) -> Lake:
    if not settings.posthog_export_dir:
        raise UserError("posthog: POSTHOG_MODE is lake: set POSTHOG_EXPORT_DIR too")
    return open_lake(settings.posthog_export_dir)


def _persons(
    tables: dict[str, Table], api: Api | None, lake: Lake | None
) -> list[WholeTable | LakePersons]:
    persons, distinct_ids = tables["persons"], tables["person_distinct_ids"]
    files = lake.list_files("persons") if lake else []
    if files:
        read = cache(lambda: lake.read_persons(files))
        return [LakePersons(persons, read, 0), LakePersons(distinct_ids, read, 1)]
    if api:
        client = PostHogClient(api)
        return [
            WholeTable(persons, client, PERSONS),
            WholeTable(distinct_ids, client, PERSON_DISTINCT_IDS),
        ]
    logger.info("posthog: no folder persons in POSTHOG_EXPORT_DIR: none are loaded")
    return []
