"""Load a project with the real loader, and write down what it asks."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from conformance.clickhouse import ClickHouse
from loaders.load import load_source
from loaders.posthog import open_source
from loaders.posthog.slices.slice import EXPORT, QUERY
from stand_ins.answers import Answer, Request, Respond, success
from stand_ins.posthog import PostHogAddress, StandIn, Store, fixtures, identities
from stand_ins.posthog.interceptors import Interceptor
from stand_ins.posthog.script import When
from warehouse.connection import connect
from warehouse.settings import Settings

NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
NAMES = ("$pageview", "Offer Created", *fixtures.AWKWARD_NAMES)
# What a property may hold, as the JSON of the properties.
PROPERTIES = (
    "{}",
    '{"$os": null}',
    '{"$os": ""}',
    '{"$os": "null"}',
    '{"$os": "iOS"}',
    '{"$os": 42, "$lib": true}',
    '{"$os": "say \\"hi\\" \\u00e9 / \\\\"}',
    '{"$os": "\\"quoted\\""}',
    '{"$os": {"name": "iOS", "of": [1, 2]}}',
)


@dataclass(frozen=True)
class Recording:
    """A load: what it asked, and what it landed.

    Attributes:
        queries: the HogQL texts and the values of their placeholders.
        landed: the rows of each table, and how often they are there.
        fetched: how many rows the slices of the events had together.
    """

    queries: list[tuple[str, dict[str, Any]]]
    landed: dict[str, Counter]
    fetched: int


def awkward_project() -> Store:
    """Return all the events a careless loader loses, and persons that merge."""
    store = Store("America/New_York")
    fixtures.add_all(store, YESTERDAY)
    count = len(PROPERTIES)
    properties = fixtures.events(
        count, YESTERDAY, "odd property", properties=list(PROPERTIES)
    )
    store.add("stored_events", properties)
    # Of what was received long ago, exports leave out what did not happen then.
    store.add("stored_events", fixtures.late(NOW - timedelta(days=20)))
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(4)]
    for number, person_id in enumerate(ids):
        identities.add_person(store, f"person '{number}'", person_id, YESTERDAY)
    identities.point(store, "person '0'", ids[1], NOW)
    identities.delete(store, "person '3'", ids[3], NOW)
    return store


def load(
    store: Store, directory: Path, interceptor: Interceptor | None = None
) -> Recording:
    """Load a project by query, again to find nothing new, and by exports.

    Args:
        store: the project.
        directory: where the warehouses go.
        interceptor: who answers the queries, if not the stand-in.
    """
    with StandIn(store, lambda: NOW) as stand_in:
        if interceptor:
            stand_in.faults.intercept(interceptor, When(times=None))
        for mode in (QUERY, QUERY, EXPORT):
            _load(stand_in.address, mode, f"duckdb:///{directory}/{mode}.duckdb")
        bodies = {entry.request.body for entry in stand_in.journal.of("query")}
    queries = [orjson.loads(body)["query"] for body in sorted(bodies)]
    asked = [(query["query"], query["values"]) for query in queries]
    return Recording(asked, *_landed(f"duckdb:///{directory}/{QUERY}.duckdb"))


def _load(address: PostHogAddress, mode: str, warehouse: str) -> None:
    settings = Settings(
        posthog_host=address.host,
        posthog_project_id=address.project_id,
        posthog_api_key=address.api_key,
        posthog_mode=mode,
    )
    with open_source(settings) as (events, *tables):
        query = replace(events.modes[QUERY], names=NAMES)
        export = replace(events.modes[EXPORT], query=query)
        events = replace(events, modes={QUERY: query, EXPORT: export})
        load_source("posthog", [events, *tables], warehouse, "key", "real")


def from_clickhouse(clickhouse: ClickHouse) -> Interceptor:
    """Return an interceptor that lets ClickHouse answer, but for what time it is."""

    def interceptor(request: Request, respond: Respond) -> Answer:
        query = orjson.loads(request.body)["query"]
        if " from " not in query["query"]:
            return respond(request)
        reply = clickhouse.ask(query["query"], query["values"])
        return success({"columns": reply.columns, "results": reply.rows})

    return interceptor


def _landed(warehouse: str) -> tuple[dict[str, Counter], int]:
    with connect(warehouse) as connection, connection.cursor() as cursor:

        def fetch(sql: str) -> list[tuple]:
            cursor.execute(sql)
            return cursor.fetchall()

        landed = {
            table: Counter(fetch(f"select * from staging_posthog.{table}"))  # noqa: S608
            for table in ("events", "persons", "person_distinct_ids")
        }
        [(fetched,)] = fetch(
            "select sum(loaded_rows) from staging_posthog.load_slices "
            "where mode = 'query'"
        )
    return landed, fetched
