"""What a load of PostHog's events should land, from what the stand-in shows."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from tests.helpers.posthog.project import NAMES, Project
from tests.helpers.posthog.warehouse import HASH_KEY, Warehouse

LAG = timedelta(minutes=10)
VISIBLE = """
select
    cast(uuid as varchar) as uuid, event, distinct_id,
    cast(event_person_id as varchar) as person_id, "timestamp", created_at,
    property(properties, '$."$session_id"') as session_id,
    property(properties, '$."$os"') as os, property(properties, '$."$lib"') as lib
from events
where list_contains($names, event) and created_at < $until
"""
Rows = set[tuple[Any, ...]]


def visible_rows(project: Project, names: tuple[str, ...] = NAMES) -> Rows:
    """Return the rows that PostHog shows and a load should land, as they land."""
    values = {"names": list(names), "until": project.clock.now - LAG}
    rows = project.store.arrow(VISIBLE, values, project.clock.now).to_pylist()
    return {
        tuple({**row, "distinct_id": _hash(row["distinct_id"])}.values())
        for row in rows
    }


def is_complete(project: Project, warehouse: Warehouse) -> bool:
    """Tell whether all that is visible has landed, and nothing is twice."""
    visible = visible_rows(project, warehouse.names)
    return sorted(warehouse.rows(), key=repr) == sorted(visible, key=repr)


def _hash(distinct_id: str) -> str:
    normal = distinct_id.strip().lower().encode()
    return hmac.new(HASH_KEY.encode(), normal, hashlib.sha256).hexdigest()
