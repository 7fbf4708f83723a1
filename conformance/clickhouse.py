"""ClickHouse, with the tables of PostHog and the rows of a stand-in.

It runs in a process of its own: beside DuckDB in one process it crashes.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import pyarrow as pa

from conformance.clickhouse_sql import Printer, Value
from conformance.grammar import parse
from stand_ins.posthog import Store

if TYPE_CHECKING:
    from chdb.session import Session

# The types and the order of PostHog's tables; the rest of them is not asked for.
TABLES = {
    "events": """
        uuid UUID, event String, properties String, timestamp DateTime64(6, 'UTC'),
        distinct_id String, created_at DateTime64(6, 'UTC'), person_id UUID,
        event_person_id UUID
    ) engine = MergeTree partition by toYYYYMM(timestamp)
    order by (toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))""",
    "persons": """
        id UUID, created_at DateTime64(3, 'UTC'), properties String, is_identified Int8
    ) engine = MergeTree order by id""",
    "raw_person_distinct_ids": """
        distinct_id String, person_id UUID, is_deleted Int8, version Int64
    ) engine = MergeTree order by (distinct_id, version)""",
}
SETTINGS = (
    "date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0, "
    "output_format_json_escape_forward_slashes = 0, transform_null_in = 1"
)


@dataclass(frozen=True)
class Reply:
    """What ClickHouse answers, written as PostHog writes it."""

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class ClickHouse:
    """The rows of a store as they are at a moment; a context manager."""

    store: Store
    now: datetime
    _process: ProcessPoolExecutor = field(
        default_factory=partial(ProcessPoolExecutor, 1, get_context("spawn"))
    )

    def __enter__(self) -> Self:
        """Fill the tables."""
        for table, definition in TABLES.items():
            rows = self.store.arrow(f"select * from {table}", {}, self.now)  # noqa: S608
            self._process.submit(_fill, table, definition, rows).result()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.shutdown()

    def ask(self, hogql: str, values: Mapping[str, Value]) -> Reply:
        """Run HogQL, with values for its placeholders."""
        sql = Printer(self.store.time_zone, values).query(parse(hogql))
        content = self._process.submit(_run, sql).result()
        types = [column["type"] for column in content["meta"]]
        rows = [
            [self._written(value, kind) for value, kind in zip(row, types, strict=True)]
            for row in content["data"]
        ]
        return Reply([column["name"] for column in content["meta"]], types, rows)

    def _written(self, value: object, kind: str) -> object:
        """Write a time as PostHog does: in the project's zone, with Z for UTC."""
        if "DateTime" not in kind or not isinstance(value, str):
            return value
        zone = ZoneInfo(self.store.time_zone)
        moment = datetime.fromisoformat(value).astimezone(zone)
        return moment.isoformat().replace("+00:00", "Z")


@cache
def _session() -> "Session":
    from chdb.session import Session

    return Session()


def _fill(table: str, definition: str, rows: pa.Table) -> None:
    names = ", ".join(f"`{name}`" for name in rows.column_names)
    _session().query(f"create table {table} ({definition}")
    _session().query(
        f"insert into {table} ({names}) select {names} from Python(rows) "  # noqa: S608
        "settings max_partitions_per_insert_block = 0"
    )


def _run(sql: str) -> dict[str, Any]:
    answer = _session().query(f"{sql} settings {SETTINGS}", "JSONCompact")
    return json.loads(answer.bytes())
