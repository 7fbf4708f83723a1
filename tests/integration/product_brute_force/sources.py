"""Every row the sources hold, as dictionaries."""

import csv
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras
import pyarrow.parquet as pq

from tests.conftest import REPOSITORY
from tests.integration.brute_force import LOADED

Row = dict[str, Any]

TABLES = {
    "CHEMLINK_DATABASE_URL": (
        "persons",
        "experiences",
        "education",
        "collections",
        "collection_profiles",
        "collection_collaborators",
        "query_votes",
        "query_embeddings",
        "embeddings",
        "view_access",
    ),
    "KRATOS_DATABASE_URL": ("sessions",),
    "ENGAGEMENT_DATABASE_URL": (
        "persons",
        "posts",
        "comments",
        "groups",
        "group_members",
        "mentions",
        "reports",
        "conversations",
        "messages",
    ),
    "ASSISTANT_DATABASE_URL": (
        "users",
        "conversations",
        "service_jobs",
        "user_actions",
    ),
    "NEON_APP_DATABASE_URL": ("users", "offers", "trades"),
    "NEON_DATABASE_URL": ("user_notifications",),
}


@dataclass(frozen=True, eq=False)
class Sources:
    """The sources as they are now.

    Attributes:
        tables: rows by "system.table".
        events: the PostHog events that are loaded, repeats included.
        distinct_ids: the newest row of PostHog's mapping for each distinct id.
        persons: when each person of PostHog was created.
        key: the secret of the keyed hashes.
        testers: ids and e-mail addresses of people who never count.
        posthog_until: when the events that are loaded end, if they lag.
    """

    tables: dict[str, list[Row]]
    events: list[Row]
    distinct_ids: dict[str, Row]
    persons: dict[str, datetime]
    key: str
    testers: frozenset[str] = frozenset()
    posthog_until: datetime | None = None

    def hashed(self, value: object) -> str:
        """Return the keyed hash of an id or an e-mail address."""
        return hmac.new(
            self.key.encode(), plain(value).encode(), hashlib.sha256
        ).hexdigest()


def plain(value: object) -> str:
    """Return an id or an address the way systems agree on it."""
    return str(value).strip().lower()


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed."""
    with (REPOSITORY / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_sources(environment: dict[str, str], posthog: Path, key: str) -> Sources:
    """Read everything."""
    tables = {}
    for variable, names in TABLES.items():
        system = variable.removesuffix("_DATABASE_URL").removeprefix("NEON_").lower()
        for name in names:
            tables[f"{system}.{name}"] = _rows(environment[variable], name)
    for rows in tables.values():
        for row in rows:
            row.update({name: _known(value) for name, value in row.items()})
    for table in ("users", "offers", "trades"):
        for row in tables[f"app.{table}"]:
            row["deleted_at"] = _deleted_at(row)
    events = pq.read_table(posthog / "events.parquet").to_pylist()
    distinct_ids: dict[str, Row] = {}
    for row in pq.read_table(posthog / "person_distinct_ids.parquet").to_pylist():
        known = distinct_ids.get(row["distinct_id"])
        if known is None or row["version"] > known["version"]:
            distinct_ids[row["distinct_id"]] = row
    persons = pq.read_table(posthog / "persons.parquet").to_pylist()
    return Sources(
        tables=tables,
        events=[row for row in events if row["event"] in LOADED],
        distinct_ids=distinct_ids,
        persons={row["id"]: row["created_at"] for row in persons},
        key=key,
    )


def _known(value: object) -> object:
    """Return a value, or None for a time that stands for none."""
    if isinstance(value, datetime) and not 2000 <= value.year < 2100:
        return None
    return value


def _deleted_at(row: Row) -> datetime | None:
    """Return when a row of the app was deleted: 0 is never, 1 is unknown."""
    if row["deleted_at"] == 1:
        return row["created_at"]
    return datetime.fromtimestamp(row["deleted_at"], UTC) if row["deleted_at"] else None


def _rows(url: str, table: str) -> list[Row]:
    connection = psycopg2.connect(url, options="-c timezone=UTC")
    try:
        with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(f"select * from {table}")  # noqa: S608
            return [dict(row) for row in cursor.fetchall()]
    finally:
        connection.close()
