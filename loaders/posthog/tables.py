"""The raw tables of PostHog: what is asked for, and the ledger of the answers."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa

from loaders.contract import TIMESTAMP, Table
from loaders.posthog.client import PostHogClient
from loaders.posthog.reading import Question, Reader, Verified
from loaders.posthog.slices import Buckets, Days, Names, Slice, Window, midnight

# A row becomes visible some time after its created_at, so the newest are left alone.
LAG = timedelta(minutes=10)
EVENT_KEY = ["uuid", "event", "distinct_id", "timestamp", "created_at"]
NOW = pa.schema([("server_now", TIMESTAMP)])
EVENTS = Question(
    table="events",
    # The person at ingestion costs no join; dbt resolves who that is now.
    columns="uuid, event, distinct_id, event_person_id, timestamp, created_at, "
    "properties.$session_id as session_id, properties.$os as os, "
    "properties.$lib as lib",
    schema=pa.schema(
        [
            ("uuid", pa.string()),
            ("event", pa.string()),
            ("distinct_id", pa.string()),
            ("event_person_id", pa.string()),
            ("timestamp", TIMESTAMP),
            ("created_at", TIMESTAMP),
            ("session_id", pa.string()),
            ("os", pa.string()),
            ("lib", pa.string()),
        ]
    ),
)
PERSONS = Question(
    table="persons",
    columns="id, created_at, is_identified",
    schema=pa.schema(
        [("id", pa.string()), ("created_at", TIMESTAMP), ("is_identified", pa.bool_())]
    ),
)
PERSON_DISTINCT_IDS = Question(
    table="raw_person_distinct_ids",
    # Under their own names, ClickHouse would put max(version) into the argMax.
    columns="distinct_id, argMax(person_id, version) as latest_person_id, "
    "max(version) as latest_version, argMax(is_deleted, version) as latest_is_deleted",
    schema=pa.schema(
        [
            ("distinct_id", pa.string()),
            ("latest_person_id", pa.string()),
            ("latest_version", pa.int64()),
            ("latest_is_deleted", pa.bool_()),
        ]
    ),
    count="uniqExact(distinct_id)",
    group_by="group by distinct_id",
)


@dataclass(frozen=True)
class WholeTable:
    """A table that is read whole in every load, cut by the hash of a column."""

    table: Table
    client: PostHogClient
    question: Question
    hashed_by: str

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield all rows, each once."""
        reader = Reader(self.client, self.question)
        for verified in reader.read(Slice(Buckets(self.hashed_by))):
            yield verified.rows.rename_columns(
                [name.removeprefix("latest_") for name in self.question.schema.names]
            )


@dataclass
class EventsTable:
    """The named events, by when they were ingested.

    Attributes:
        ledger: a row for each slice that was read; None until all are.
    """

    table: Table
    client: PostHogClient
    names: tuple[str, ...]
    ledger: list[dict[str, object]] | None = field(default=None, init=False)

    def read(
        self, since: datetime | None, known: pa.Table | None
    ) -> Iterator[pa.Table]:
        """Yield the events ingested from `since` until a little before now."""
        now = self.client.query("select now() as server_now", {}, NOW)
        until = now["server_now"][0].as_py() - LAG
        whole = Slice(
            buckets=Buckets("distinct_id"),
            uuid_buckets=Buckets("uuid"),
            window=Window(since, until),
            days=Days(),
            names=Names(self.names),
        )
        ledger, keys = [], 0
        for verified in Reader(self.client, EVENTS).read(whole):
            ledger.append(_ledger_row(verified))
            if known:
                keys += verified.rows.group_by(EVENT_KEY).aggregate([]).num_rows
            yield verified.rows.rename_columns({"event_person_id": "person_id"})
        # A window without news leaves no trace: loading twice changes nothing.
        self.ledger = [] if known and keys == known.num_rows else ledger


@dataclass(frozen=True)
class SlicesTable:
    """The ledger: one row for each slice of the events that was read and verified."""

    table: Table
    events: EventsTable

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield what became of the slices; the events must have been read before."""
        if self.events.ledger is None:
            raise RuntimeError("the ledger is read after the events")
        yield pa.Table.from_pylist(self.events.ledger, self.table.arrow_schema)


def _ledger_row(verified: Verified) -> dict[str, object]:
    part = verified.slice
    first, end = part.days.first, part.days.end
    return {
        "slice_id": hashlib.sha256(repr(part.where()).encode()).hexdigest()[:16],
        "loaded_from": part.window.start,
        "loaded_until": part.window.end,
        "event": ", ".join(part.names.names),
        "first_day": first and midnight(first),
        "last_day": end and midnight(end) - timedelta(days=1),
        "first_bucket": part.buckets.first,
        "last_bucket": part.buckets.end - 1,
        "expected_rows": part.expected_rows,
        "loaded_rows": verified.rows.num_rows,
        "attempts": verified.attempts,
        "status": "verified",
    }
