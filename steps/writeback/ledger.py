"""The ledger of what PostHog has accepted: the table writeback.deliveries.

A row stands there only after PostHog has accepted its event. A run that is killed in
between sends the same event again, under the same uuid.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from steps.writeback.events import Event
from warehouse.errors import UserError, explained
from warehouse.tables import (
    SQL_TYPES,
    TIMESTAMP,
    append_rows,
    create_table,
    existing_tables,
    read,
)

LEDGER = "writeback.deliveries"
SCHEMA = pa.schema(
    [
        ("project_key_id", pa.string()),
        ("kind", pa.string()),
        ("subject", pa.string()),
        ("revision", pa.int64()),
        ("event_uuid", pa.string()),
        ("content_hash", pa.string()),
        ("as_of", TIMESTAMP),
    ]
)


@dataclass(frozen=True)
class Ledger:
    """The deliveries to one project.

    Attributes:
        project_key_id: a name for the key of the project that tells nothing about it.
    """

    warehouse: Connection
    project_key_id: str

    def create(self) -> None:
        """Create the table if need be.

        Raises:
            UserError: that is not allowed.
        """
        columns = {field.name: SQL_TYPES[field.type] for field in SCHEMA}
        try:
            create_table(self.warehouse, LEDGER, columns)
            self.warehouse.commit()
        except Error as error:
            raise _unwritten(error) from error

    def undelivered(self, events: Iterable[Event]) -> list[Event]:
        """Return the events that say what was not said last, as new revisions."""
        last = self._last()
        found = []
        for event in events:
            revision, content_hash = last.get((event.kind.name, event.subject), (0, ""))
            if event.content_hash != content_hash:
                found.append(replace(event, revision=revision + 1))
        return found

    def note(self, events: Iterable[Event], as_of: datetime) -> None:
        """Write for good that PostHog has accepted events.

        Raises:
            UserError: the table cannot be written.
        """
        rows = [self._row(event, as_of) for event in events]
        schema, _, name = LEDGER.partition(".")
        try:
            with self.warehouse.cursor() as cursor:
                append_rows(cursor, name, pa.Table.from_pylist(rows, SCHEMA), schema)
            self.warehouse.commit()
        except Error as error:
            raise _unwritten(error) from error

    def _row(self, event: Event, as_of: datetime) -> dict[str, object]:
        return {
            "project_key_id": self.project_key_id,
            "kind": event.kind.name,
            "subject": event.subject,
            "revision": event.revision,
            "event_uuid": event.uuid,
            "content_hash": event.content_hash,
            "as_of": as_of,
        }

    def _last(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Return the last revision of each kind and subject, and its content hash."""
        if LEDGER not in existing_tables(self.warehouse):
            return {}
        rows = read(
            self.warehouse,
            f"select kind, subject, revision, content_hash from {LEDGER} "  # noqa: S608
            f"where project_key_id = '{self.project_key_id}' order by revision",
        )
        return {
            (row["kind"], row["subject"]): (row["revision"], row["content_hash"])
            for row in rows.to_pylist()
        }


def _unwritten(error: Error) -> UserError:
    remedy = "let the user of WAREHOUSE_URL create and fill the schema writeback"
    return UserError(
        f"the table {LEDGER} cannot be written: {explained(error, remedy)}"
    )
