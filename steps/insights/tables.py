"""The tables of the schema insights: what was asked before, and what comes now.

Answers are paid for, and each is there for good once it is written. On Spark, which
takes no single rows, that is in the file in which loads land; the tables of Spark are
written from it when a run begins, if the last one was killed, and when it ends.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.lake import LANDING_URL
from steps.insights.client import INVALID, REFUSED, Call
from warehouse.connection import connect, is_spark
from warehouse.errors import UserError, explained
from warehouse.tables import (
    ROWS_PER_APPEND,
    append_rows,
    denial_explained,
    read,
    replace_rows,
)

SCHEMA = "insights"
TABLES = ("calls", "facets", "facet_items", "themes", "theme_notes", "evaluations")
FACETS, EVALUATION = "facets", "evaluation"
# To ask again would bring the same.
FINAL = (INVALID, REFUSED)
SETTLED = f"""
    select cache_key from insights.facets
    union
    select cache_key from insights.calls
    where purpose = '{FACETS}' and status in {FINAL}
"""  # noqa: S608 - our own names
ATTEMPTS = """
    select cache_key, max(attempt) as attempt from insights.calls group by cache_key
"""


Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """What a call was about."""

    cache_key: str
    purpose: str
    model: str
    user_key: str | None = None
    day: date | None = None


class Answers:
    """The tables, of which each row is there for good once it is written.

    Attributes:
        connection: Where they are.
    """

    def __init__(self, connection: Connection) -> None:
        """Read what is known."""
        self.connection = connection
        self.settled = set(read(connection, SETTLED)["cache_key"].to_pylist())
        known = read(connection, ATTEMPTS).to_pylist()
        self._attempts = Counter({row["cache_key"]: row["attempt"] for row in known})
        self._types = {
            table: read(connection, f"select * from {SCHEMA}.{table} limit 0").schema  # noqa: S608
            for table in TABLES
        }
        connection.commit()

    def call_rows(self, subject: Subject, calls: Iterable[Call]) -> Rows:
        """Return the rows of calls, numbered on from those before; no content."""
        rows = []
        for call in calls:
            self._attempts[subject.cache_key] += 1
            used = asdict(call)
            del used["content"]
            attempt = {"attempt": self._attempts[subject.cache_key]}
            rows.append(asdict(subject) | attempt | used)
        return rows

    def write(self, rows: dict[str, Rows]) -> None:
        """Add rows to tables, all of them or none.

        Raises:
            UserError: a table does not take them.
        """
        try:
            with (
                denial_explained(self.connection, f"write to the schema {SCHEMA}"),
                self.connection.cursor() as cursor,
            ):
                for table, added in rows.items():
                    if added:
                        content = pa.Table.from_pylist(added, self._types[table])
                        append_rows(cursor, table, content, SCHEMA)
            self.connection.commit()
        except Error as error:
            told = explained(error, "run `dbt build`, which makes what is missing")
            raise UserError(f"the answers cannot be written: {told}") from error


@contextmanager
def open_answers(url: str, warehouse: Connection) -> Iterator[Answers]:
    """Open the tables to write to them.

    Args:
        url: Of the warehouse.
        warehouse: The same, open.

    Raises:
        UserError: the tables cannot be read or written.
    """
    if not is_spark(url):
        yield Answers(warehouse)
        return
    with connect(LANDING_URL) as file:
        _take_in(file, warehouse)
        _bring_out(file, warehouse)
        try:
            yield Answers(file)
        finally:
            _bring_out(file, warehouse)


def _take_in(file: Connection, warehouse: Connection) -> None:
    """Add to a file what the warehouse has and the file has not, as one that is new."""
    with file.cursor() as cursor:
        cursor.execute(f"create schema if not exists {SCHEMA}")
        for table in TABLES:
            place = f"{SCHEMA}.{table}"
            there = read(warehouse, f"select * from {place}")  # noqa: S608
            cursor.adbc_ingest(
                table, there.slice(0, 0), mode="create_append", db_schema_name=SCHEMA
            )
            batches = there.to_reader(max_chunksize=ROWS_PER_APPEND)
            cursor.adbc_ingest("there", batches, mode="replace", temporary=True)
            cursor.execute(
                f"insert into {place} by name "  # noqa: S608 - our own names
                f"select * from temp.there except select * from {place}"
            )
    file.commit()


def _bring_out(file: Connection, warehouse: Connection) -> None:
    """Write what a file has to the warehouse, where that has less."""
    for table in TABLES:
        query = f"select count(*) as answers from {SCHEMA}.{table}"  # noqa: S608
        if read(file, query) != read(warehouse, query):
            rows = read(file, f"select * from {SCHEMA}.{table}")  # noqa: S608
            replace_rows(warehouse, SCHEMA, table, rows)
