"""The tables of the schema insights: what was asked before, and what comes now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from steps.insights.client import INVALID, REFUSED, Call
from warehouse.errors import UserError, explained
from warehouse.tables import append_rows, denial_explained, read

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
    """The tables, of which each row is there for good once it is written."""

    def __init__(self, connection: Connection) -> None:
        """Read what is known."""
        self._connection = connection
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
                denial_explained(self._connection, f"write to the schema {SCHEMA}"),
                self._connection.cursor() as cursor,
            ):
                for table, added in rows.items():
                    if added:
                        content = pa.Table.from_pylist(added, self._types[table])
                        append_rows(cursor, table, content, SCHEMA)
            self._connection.commit()
        except Error as error:
            told = explained(error, "run `dbt build`, which makes what is missing")
            raise UserError(f"the answers cannot be written: {told}") from error
