"""Events for PostHog, made of marts: only what the allow-list names gets into one."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from steps.marts import Marts, require_marts
from steps.writeback.allow_list import Kind
from steps.writeback.facts import FACTS, Facts
from warehouse.errors import UserError
from warehouse.tables import read

# engines and machines may differ in the last digits
SIGNIFICANT_DIGITS = 6
MOST_EVENTS = 100
MOST_BYTES = 800 * 1024  # the SDK takes no event above 900 KiB


@dataclass(frozen=True)
class Event:
    """What one event says; the same content always gets the same uuid.

    Attributes:
        subject: what it is about: of one kind and subject there is one event, and
            another revision when what it says has changed.
    """

    kind: Kind
    subject: str
    happened_at: datetime
    properties: dict[str, Any]
    revision: int = 1

    @property
    def content_hash(self) -> str:
        """The hash of all it says."""
        content = [self.kind.event, self.happened_at.isoformat(), self.properties]
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def uuid(self) -> str:
        """The name under which PostHog takes it for the same event."""
        parts = (self.kind.name, self.subject, str(self.revision), self.content_hash)
        return str(uuid5(NAMESPACE_URL, f"growth-warehouse/{'/'.join(parts)}"))

    def message(self) -> dict[str, Any]:
        """Return all of it that leaves."""
        properties = {**self.properties, "revision": self.revision, **self.kind.always}
        return {
            "uuid": self.uuid,
            "event": self.kind.event,
            "distinct_id": self.kind.distinct_id,
            "timestamp": self.happened_at.isoformat(),
            "properties": properties,
        }


def read_events(marts: Marts, kind: Kind) -> list[Event]:
    """Return the events of a kind in a fixed order, each as a first revision.

    Raises:
        UserError: the mart is missing, or has no column of that name.
    """
    facts = FACTS[kind.name]
    require_marts(marts, [facts.mart])
    rows = read(marts.connection, facts.query)
    missing = set(kind.columns.values()) - set(rows.column_names)
    if missing:
        raise UserError(
            f"{facts.mart} has no column {', '.join(sorted(missing))}: mend the "
            "properties in steps/writeback/allow_list.yml"
        )
    events = [_event(kind, facts, row) for row in rows.to_pylist()]
    return sorted(events, key=lambda event: (event.happened_at, event.subject))


def batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Cut events into batches that PostHog takes, in their order."""
    batch: list[Event] = []
    total = 0
    for event in events:
        size = len(json.dumps(event.message()).encode())
        if batch and (len(batch) == MOST_EVENTS or total + size > MOST_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(event)
        total += size
    if batch:
        yield batch


def _event(kind: Kind, facts: Facts, row: Mapping[str, Any]) -> Event:
    subject = "/".join(str(row[column]) for column in facts.subject)
    properties = {
        name: _plain(row[column])
        for name, column in kind.columns.items()
        if row[column] is not None
    }
    return Event(kind, subject, row["happened_at"].replace(tzinfo=UTC), properties)


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return value.isoformat() if isinstance(value, date) else value
