"""bridge_posthog_persons: whose PostHog said each event was, and whose it is now."""

from collections import defaultdict
from datetime import datetime

from tests.integration.product_brute_force.app import events_at
from tests.integration.product_brute_force.sources import Row
from tests.integration.product_brute_force.world import World


def posthog_persons(world: World) -> list[Row]:
    """Return the row of each distinct id and person its events came with."""
    arrivals: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for event in events_at(world.sources, world.as_of):
        key = event["distinct_id"], event["person_id"]
        arrivals[key].append(event["created_at"])
    return [
        _row(world, distinct_id, person, sorted(times))
        for (distinct_id, person), times in arrivals.items()
    ]


def _row(world: World, distinct_id: str, person: str, times: list[datetime]) -> Row:
    now = _person_now(world, distinct_id)
    return {
        "distinct_id_hash": world.sources.hashed(distinct_id),
        "ingestion_person_id": person,
        "current_person_id": now,
        "user_key": world.identities.distinct_ids[distinct_id],
        "event_count": len(times),
        "has_moved": now is not None and now != person,
        "first_received_at": times[0],
        "last_received_at": times[-1],
    }


def _person_now(world: World, distinct_id: str) -> str | None:
    """Return the person of the newest mapping, unless deleted or not there yet."""
    mapping = world.sources.distinct_ids.get(distinct_id)
    if mapping is None or mapping["is_deleted"]:
        return None
    person = mapping["person_id"]
    is_there = world.sources.persons[person] <= world.as_of
    return person if is_there else None
