"""What people did in the trading app: PostHog's events, and confirmed trades."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.integration.brute_force import METRICS
from tests.integration.product_brute_force.identities import Identities
from tests.integration.product_brute_force.sources import Row, Sources


@dataclass(frozen=True)
class Activity:
    """One thing that somebody did."""

    user_key: str
    type: str
    at: datetime
    system: str
    row: Row


def events_at(sources: Sources, as_of: datetime) -> list[Row]:
    """Return the events that had arrived, each once, with a time that can be true."""
    newest: dict[str, Row] = {}
    for row in sources.events:
        known = newest.get(row["uuid"])
        rank = (row["created_at"], row["timestamp"])
        if row["created_at"] <= as_of and (
            known is None or rank > (known["created_at"], known["timestamp"])
        ):
            newest[row["uuid"]] = row
    return [
        row
        for row in newest.values()
        if timedelta(days=-60)
        <= row["timestamp"] - row["created_at"]
        <= timedelta(days=1)
    ]


def confirmed_trades(
    sources: Sources, as_of: datetime, identities: Identities
) -> Iterator[Activity]:
    """A trade belongs to both of its parties, unless it is deleted."""
    people = identities.of("app")
    offers = {row["id"]: row for row in sources.tables["app.offers"]}
    for row in sources.tables["app.trades"]:
        offer = offers.get(row["offer_id"])
        if row["deleted_at"] and row["deleted_at"] <= as_of:
            continue
        if offer and row["confirmed_trade_date"]:
            at = row["confirmed_trade_date"]
            for user in {offer["creator_user_id"], offer["receiver_user_id"]}:
                if user in people:
                    yield Activity(people[user], "confirmed_trades", at, "app", row)


def posthog_activity(identities: Identities, events: list[Row]) -> Iterator[Activity]:
    """Events by name, and sessions: named, else begun by a view after 30 minutes."""
    named: dict[tuple[str, str], Row] = {}
    views = defaultdict(list)
    for row in events:
        key = identities.distinct_ids[row["distinct_id"]]
        at = row["timestamp"]
        if row["event"] in METRICS:
            yield Activity(key, METRICS[row["event"]], at, "posthog", row)
        session = json.loads(row["properties"]).get("$session_id")
        if session:
            first = named.get((key, session))
            if first is None or at < first["timestamp"]:
                named[key, session] = row
        if row["event"] in ("$pageview", "$screen"):
            views[key].append((at, not session, row["uuid"], row))
    for (key, _), row in named.items():
        yield Activity(key, "sessions", row["timestamp"], "posthog", row)
    for key, seen in views.items():
        previous = datetime.min.replace(tzinfo=UTC)
        for at, is_nameless, _, row in sorted(seen, key=lambda view: view[:3]):
            if is_nameless and at - previous > timedelta(minutes=30):
                yield Activity(key, "sessions", at, "posthog", row)
            previous = at
