"""A generation of the marts: what `marts.generations` and `marts.about` say of it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml
from adbc_driver_manager.dbapi import Connection

from steps.publish.contents import described, quoted
from warehouse.connection import duckdb_path, is_duckdb, postgres_parts
from warehouse.tables import read
from warehouse.versions import PROJECT_FILE, project_version

SYSTEMS = """
    select source_system, is_configured, tracking_started_at, as_of
    from core.dim_source_systems
    order by source_system
"""
GENERATIONS = {
    "generation_id": ("bigint primary key", "Number of the publish, from 1."),
    "published_at": ("timestamptz", "When it was published."),
    "as_of": ("timestamptz", "Nothing in it is later."),
    "code_version": ("text", "Version of the project that published it."),
    "row_counts": ("text", "JSON: the rows of each table, by its name with schema."),
    "table_hashes": (
        "text",
        "JSON: of each table the sum of the hashes of its rows, as text in UTC.",
    ),
    "content_hash": ("text", "MD5 of row_counts and table_hashes."),
    "load_ids": ("text", "JSON: the numbers of the loads it is made of."),
    "allowed_exceptions": (
        "text",
        "JSON: what spoke against publishing it, and was allowed by name.",
    ),
}
ABOUT = {
    "generation_id": ("bigint primary key", "The generation you read."),
    "published_at": ("timestamptz", "When it was published."),
    "as_of": ("timestamptz", "Nothing is later; what ends later is open."),
    "first_tracked_day": (
        "date",
        "UTC day from which on the app's events are known; null without PostHog.",
    ),
    "time_zone": ("text", "Whose days the daily aggregates count."),
    "absent_sources": ("text", "JSON: the systems of which nothing was ever loaded."),
    "warehouse": ("text", "Which warehouse it was published from."),
}


@dataclass(frozen=True)
class About:
    """What there is to say before anything is written."""

    published_at: datetime
    as_of: datetime | None
    code_version: str
    first_tracked_day: date | None
    time_zone: str
    absent_sources: list[str]
    load_ids: list[int]
    allowed_exceptions: list[str]
    warehouse: str

    def statements(
        self, place: str, number: int, fingerprints: dict[str, tuple[int, str]]
    ) -> Iterator[str]:
        """Yield the SQL that makes and fills both tables, but for older generations.

        Args:
            place: The schema to make them in.
            number: That of this generation.
            fingerprints: Rows and hash of each table, by its name with schema.
        """
        counts = {name: rows for name, (rows, _) in fingerprints.items()}
        hashes = {name: told for name, (_, told) in fingerprints.items()}
        content = json.dumps([counts, hashes], sort_keys=True).encode()
        yield from _table(f"{place}.about", "One row: what to know first.", ABOUT)
        yield _insert(
            f"{place}.about",
            number,
            self.published_at,
            self.as_of,
            self.first_tracked_day,
            self.time_zone,
            self.absent_sources,
            self.warehouse,
        )
        yield _insert(
            f"{place}.generations",
            number,
            self.published_at,
            self.as_of,
            self.code_version,
            counts,
            hashes,
            hashlib.md5(content, usedforsecurity=False).hexdigest(),
            self.load_ids,
            self.allowed_exceptions,
        )


def generations_table(place: str) -> Iterator[str]:
    """Yield the SQL that makes the table of generations, empty."""
    description = "One row per generation of the marts that was published."
    yield from _table(f"{place}.generations", description, GENERATIONS)


def read_about(
    connection: Connection, load_ids: list[int], allowed: list[str], warehouse: str
) -> About:
    """Read what readers must know of the marts."""
    systems = read(connection, SYSTEMS).to_pylist()
    project = yaml.safe_load(PROJECT_FILE.read_text(encoding="utf-8"))
    started = [row["tracking_started_at"] for row in systems]
    first = min(filter(None, started), default=None)
    return About(
        published_at=datetime.now(UTC),
        as_of=systems[0]["as_of"] if systems else None,
        code_version=project_version(),
        first_tracked_day=first and first.astimezone(UTC).date(),
        time_zone=project["vars"]["reporting_timezone"],
        absent_sources=[
            row["source_system"] for row in systems if not row["is_configured"]
        ],
        load_ids=load_ids,
        allowed_exceptions=allowed,
        warehouse=warehouse,
    )


def warehouse_name(url: str) -> str:
    """Return by what name a generation tells which warehouse it is of.

    A folder may move, and holds what is published with the warehouse.

    Raises:
        UserError: the URL names none.
    """
    return duckdb_path(url).name if is_duckdb(url) else postgres_parts(url)["dbname"]


def _table(
    place: str, description: str, columns: dict[str, tuple[str, str]]
) -> Iterator[str]:
    types = ", ".join(f"{name} {declared}" for name, (declared, _) in columns.items())
    yield f"create table {place} ({types})"
    texts = {name: text for name, (_, text) in columns.items()}
    yield from described(place, description, texts)


def _insert(place: str, *values: object) -> str:
    return f"insert into {place} values ({', '.join(map(_literal, values))})"


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    is_json = isinstance(value, (list, dict))
    return quoted(json.dumps(value, sort_keys=True) if is_json else value)
