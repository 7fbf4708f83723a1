"""The events and persons of one PostHog project, in DuckDB."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from stand_ins.posthog.functions import MACROS
from stand_ins.posthog.hogql import HogQLError
from stand_ins.posthog.schema import CLICKHOUSE_TYPES, TABLES, WORLD_FILES

VISIBILITY_LAG = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rows:
    """The rows of an answer, as JSON can hold them."""

    columns: list[str]
    clickhouse_types: list[str]
    rows: list[tuple[Any, ...]]


class Store:
    """One project: what it holds, and in which time zone it speaks."""

    def __init__(self, time_zone: str = "UTC") -> None:
        """Start empty."""
        self.time_zone = time_zone
        self._database = duckdb.connect()
        self._database.execute(f"set global timezone = '{time_zone}'")
        self._database.execute(TABLES)
        for name, definition in MACROS.items():
            self._database.execute(f"create macro {name}{definition}")

    def load_world(self, directory: Path) -> None:
        """Add what the Parquet files of a world hold; persons may be missing."""
        for table, file_name in WORLD_FILES.items():
            if table != "stored_events" and not (directory / file_name).exists():
                continue
            self._database.execute(
                f"insert into {table} by name from read_parquet(?)",
                [str(directory / file_name)],
            )

    def add(self, table: str, rows: pa.Table) -> None:
        """Add rows to one of the tables of `schema.py`, by the names of the columns.

        The times of an event: `timestamp` is the client's, `created_at` the arrival,
        `inserted_at` (if given) a later moment at which it becomes visible.
        """
        with self._database.cursor() as cursor:
            cursor.register("added", rows)
            cursor.execute(f"insert into {table} by name from added")

    def add_missing_persons(self, rows: pa.Table) -> None:
        """Add the persons of distinct ids that nobody has yet.

        Args:
            rows: distinct_id, person_id, created_at.
        """
        with self._database.cursor() as cursor:
            cursor.register("added", rows)
            cursor.execute(
                "insert into persons select person_id, created_at, false, '{}' "
                "from added where distinct_id not in "
                "(select distinct_id from raw_person_distinct_ids)"
            )
            cursor.execute(
                "insert into raw_person_distinct_ids "
                "select distinct_id, person_id, 0, false from added "
                "where distinct_id not in "
                "(select distinct_id from raw_person_distinct_ids)"
            )

    def execute(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run DuckDB SQL on the tables of `schema.py`; return the rows."""
        with self._database.cursor() as cursor:
            return cursor.execute(sql, values).fetchall()

    def newest_ingestion(self) -> datetime | None:
        """Return when the newest event was ingested."""
        [(microseconds,)] = self.execute(
            "select epoch_us(max(created_at)) from stored_events"
        )
        return microseconds and EPOCH + timedelta(microseconds=microseconds)

    def select(self, sql: str, now: datetime) -> Rows:
        """Run a query as of a moment: younger events are not visible yet.

        Raises:
            HogQLError: DuckDB cannot run it.
        """
        with self._cursor_as_of(now) as cursor:
            try:
                relation = cursor.sql(sql)
                types = [str(kind) for kind in relation.types]
                written = [
                    _written(name, kind)
                    for name, kind in zip(relation.columns, types, strict=True)
                ]
                rows = relation.project(", ".join(written)).fetchall()
            except duckdb.Error as error:
                raise HogQLError(str(error)) from error
        clickhouse_types = [self._clickhouse_type(kind) for kind in types]
        return Rows(relation.columns, clickhouse_types, rows)

    def arrow(self, sql: str, values: Mapping[str, object], now: datetime) -> pa.Table:
        """Run DuckDB SQL as of a moment; return Arrow, with times in UTC."""
        with self._cursor_as_of(now) as cursor:
            rows = cursor.execute(sql, values).to_arrow_table()
        utc = pa.timestamp("us", "UTC")
        return rows.cast(
            pa.schema(
                [
                    field.with_type(utc) if pa.types.is_timestamp(field.type) else field
                    for field in rows.schema
                ]
            )
        )

    @contextmanager
    def _cursor_as_of(self, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._database.cursor() as cursor:
            cursor.execute("set variable server_now = ?::timestamptz", [now])
            cursor.execute(
                "set variable visible_until = ?::timestamptz", [now - VISIBILITY_LAG]
            )
            yield cursor

    def _clickhouse_type(self, kind: str) -> str:
        if kind.startswith("TIMESTAMP"):
            return f"DateTime64(6, '{self.time_zone}')"
        return CLICKHOUSE_TYPES.get(kind, kind)


def _written(name: str, kind: str) -> str:
    """Write times as PostHog does, and what JSON has no word for as text."""
    column = '"' + name.replace('"', '""') + '"'
    if kind.startswith("TIMESTAMP"):
        return f"iso_time({column}) as {column}"
    if kind in ("UUID", "DATE"):
        return f"cast({column} as varchar) as {column}"
    return column
