"""How PostHog's tables are asked for, in HogQL."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from loaders.posthog.slices.slice import Tally
from warehouse.tables import TIMESTAMP

HASH = "hash"
HASHES = 2**32


@dataclass(frozen=True)
class TableQuery:
    """How a table is asked for.

    Attributes:
        columns: HogQL expressions, named like the columns of the schema.
        key: the column whose hashes make the checksum.
        is_grouped: whether PostHog has several rows for a key, of which one is made.
        is_moving: whether rows may come while it is read, all of it, in every load.
    """

    table: str
    columns: str
    schema: pa.Schema
    key: str
    is_grouped: bool = False
    is_moving: bool = False

    @property
    def tally(self) -> str:
        """The aggregates that make a `Tally` of the rows of the answer."""
        if self.is_grouped:
            count, distinct = f"uniqExact({self.key})", "distinct "
        else:
            count, distinct = "count()", ""
        return f"{count} as row_count, sum({distinct}{self._hash}) as checksum"

    @property
    def select(self) -> str:
        """The columns, and the hash of each row."""
        return f"select {self.columns}, {self._hash} as {HASH} from {self.table}"

    @property
    def group_by(self) -> str:
        """What makes one row of those with the same key."""
        return f"group by {self.key}" if self.is_grouped else ""

    @property
    def answer_schema(self) -> pa.Schema:
        """The columns of an answer, with the hash of each row."""
        return self.schema.append(pa.field(HASH, pa.int64()))

    def tally_of(self, rows: pa.Table) -> Tally:
        """Make the tally of the rows that were fetched."""
        hashes = rows[HASH].unique() if self.is_grouped else rows[HASH]
        return Tally(rows.num_rows, pc.sum(hashes).as_py() or 0)

    @property
    def _hash(self) -> str:
        return f"cityHash64({self.key}) % {HASHES}"


EVENTS = TableQuery(
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
    key="uuid",
)
PERSONS = TableQuery(
    table="persons",
    columns="id, created_at, is_identified",
    schema=pa.schema(
        [("id", pa.string()), ("created_at", TIMESTAMP), ("is_identified", pa.bool_())]
    ),
    key="id",
    is_moving=True,
)
PERSON_DISTINCT_IDS = TableQuery(
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
    key="distinct_id",
    is_grouped=True,
    is_moving=True,
)
