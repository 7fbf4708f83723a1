"""An independent count of the push windows, from the sources themselves.

Written from SOURCES.md and LIFT.md with loops over Python lists; it shares no code with
the loaders or the models.
"""

import json
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pyarrow.parquet as pq

Times = dict[tuple[str, str], list[datetime]]

METRICS = {
    "PDP add to closet": "closet_adds",
    "PDP add to wishlist": "wishlist_adds",
    "Offer Created": "offers_created",
    "Offer Accepted": "offers_accepted",
    "Trade machine clicked": "trade_machine_clicks",
}
LOADED = {*METRICS, "$pageview", "$screen", "Closet Item Added"}


def fetch(url: str, sql: str) -> list[tuple]:
    """Return the rows of a query of a source."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def seen(title: str | None) -> str | None:
    """Return what is to be seen of a title."""
    kept = [one for one in title or "" if unicodedata.category(one) != "Cf"]
    return "".join(kept).strip() or None


def campaign_deliveries(cadence_url: str) -> dict[tuple, dict[str, datetime]]:
    """Return each campaign's first delivery per app user.

    A campaign is named (title, layer, first send); a new one begins when more than
    120 minutes have passed since the previous send of that title and layer.
    """
    sends = defaultdict(list)
    for title, layer, user, sent_at in fetch(
        cadence_url,
        "select push_title, layer_id, user_id::text, sent_at from user_notifications",
    ):
        layer_now = layer or 5  # the new-user series was layer 0 once
        sends[seen(title), layer_now].append((sent_at, user))
    campaigns = {}
    for (title, layer), rows in sends.items():
        previous = deliveries = None
        for sent_at, user in sorted(rows):
            if previous is None or sent_at - previous > timedelta(minutes=120):
                deliveries = campaigns[title, layer, sent_at] = {}
            deliveries.setdefault(user, sent_at)
            previous = sent_at
    return campaigns


def owners_of_distinct_ids(app_url: str, posthog: Path) -> dict[str, str]:
    """Return the app user behind each distinct id: itself, its e-mail, its person."""
    users = fetch(
        app_url, "select id::text, lower(trim(email)), deleted_at = 0 from users"
    )
    live_emails = {email for _, email, is_live in users if is_live}
    by_email = defaultdict(list)
    for user, email, is_live in users:
        if is_live or email not in live_emails:
            by_email[email].append(user)
    owners = {user: user for user, _, _ in users}
    newest = {}
    for row in pq.read_table(posthog / "person_distinct_ids.parquet").to_pylist():
        current = newest.get(row["distinct_id"])
        if current is None or row["version"] > current["version"]:
            newest[row["distinct_id"]] = row
    for distinct_id in newest:
        matches = by_email.get(distinct_id.strip().lower(), [])
        if len(matches) == 1:
            owners.setdefault(distinct_id, matches[0])
    people = defaultdict(set)
    for distinct_id, row in newest.items():
        if distinct_id in owners and not row["is_deleted"]:
            people[row["person_id"]].add(owners[distinct_id])
    for distinct_id, row in newest.items():
        users_of_person = people[row["person_id"]]
        if not row["is_deleted"] and len(users_of_person) == 1:
            owners.setdefault(distinct_id, next(iter(users_of_person)))
    return owners


def plausible_events(posthog: Path) -> list[dict]:
    """Return the loaded events, each uuid once, without impossible times."""
    newest = {}
    for row in pq.read_table(posthog / "events.parquet").to_pylist():
        if row["event"] in LOADED:
            rank = (row["created_at"], row["timestamp"])
            current = newest.get(row["uuid"])
            if not current or rank > (current["created_at"], current["timestamp"]):
                newest[row["uuid"]] = row
    return [
        row
        for row in newest.values()
        if timedelta(days=-60)
        <= row["timestamp"] - row["created_at"]
        <= timedelta(days=1)
    ]


def activity_times(app_url: str, posthog: Path) -> Times:
    """Return the sorted times of every (app user, metric)."""
    owners = owners_of_distinct_ids(app_url, posthog)
    times: Times = defaultdict(list)
    sessions: dict[tuple[str, str], datetime] = {}
    views = defaultdict(list)
    for row in plausible_events(posthog):
        user = owners.get(row["distinct_id"])
        if user is None:
            continue
        at = row["timestamp"]
        if row["event"] in METRICS:
            times[user, METRICS[row["event"]]].append(at)
        session = json.loads(row["properties"]).get("$session_id")
        if session:
            key = (user, session)
            sessions[key] = min(at, sessions.get(key, at))
        if row["event"] in ("$pageview", "$screen"):
            views[user].append((at, not session))
    for (user, _), started_at in sessions.items():
        times[user, "sessions"].append(started_at)
    for user, seen in views.items():
        previous = datetime.min.replace(tzinfo=UTC)
        for at, is_nameless in sorted(seen):
            if is_nameless and at - previous > timedelta(minutes=30):
                times[user, "sessions"].append(at)
            previous = at
    for creator, receiver, at in fetch(
        app_url,
        "select creator_user_id::text, receiver_user_id::text, "
        "trades.confirmed_trade_date from trades join offers on offers.id = offer_id "
        "where trades.confirmed_trade_date is not null and trades.deleted_at = 0",
    ):
        for user in {creator, receiver}:
            times[user, "confirmed_trades"].append(at)
    return {key: sorted(values) for key, values in times.items()}


def count_between(times: list[datetime], start: datetime, end: datetime) -> int:
    """Count the times in a half-open window."""
    return bisect_left(times, end) - bisect_left(times, start)
