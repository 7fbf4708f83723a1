"""POST /batch/: take in the events that the posthog SDK sends."""

import gzip
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
import pyarrow as pa

from stand_ins.answers import Answer, success
from stand_ins.posthog.answers import failure
from stand_ins.posthog.store import Store

PROJECT_TOKEN = "phc_stand_in"  # noqa: S105
GZIP_MAGIC = b"\x1f\x8b"


def capture(store: Store, body: bytes, now: datetime) -> Answer:
    """Store a batch of events as ingested now, and the persons new with them."""
    try:
        content = orjson.loads(
            gzip.decompress(body) if body.startswith(GZIP_MAGIC) else body
        )
        if content.get("api_key") != PROJECT_TOKEN:
            return failure(401, "invalid_api_key", "Project API key invalid.")
        events = [_event(event, now) for event in content["batch"]]
    except (ValueError, OSError, KeyError, TypeError, AttributeError):
        return failure(400, "invalid_payload", "The batch cannot be read.")
    if events:
        store.add("stored_events", pa.Table.from_pylist(events))
        _add_persons(store, events, now)
    return success({"status": "Ok"})


def person_of(distinct_id: str) -> str:
    """Return the person that capture makes of a distinct id."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"person/{distinct_id}"))


def _event(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    properties = event.get("properties") or {}
    distinct_id = str(event.get("distinct_id") or properties["distinct_id"])
    return {
        "uuid": str(uuid.UUID(event["uuid"]) if event.get("uuid") else uuid.uuid4()),
        "event": str(event["event"]),
        "distinct_id": distinct_id,
        "person_id": person_of(distinct_id),
        "timestamp": _time(event["timestamp"]) if event.get("timestamp") else now,
        "created_at": now,
        "properties": orjson.dumps(properties).decode(),
    }


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _add_persons(store: Store, events: list[dict[str, Any]], now: datetime) -> None:
    distinct_ids = sorted({event["distinct_id"] for event in events})
    store.add_missing_persons(
        pa.table(
            {
                "distinct_id": distinct_ids,
                "person_id": [person_of(name) for name in distinct_ids],
                "created_at": [now] * len(distinct_ids),
            }
        )
    )
