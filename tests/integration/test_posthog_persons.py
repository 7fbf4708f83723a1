"""PostHog merges and parts persons: the warehouse knows who it was and who it is."""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from stand_ins.posthog import Store, identities
from stand_ins.posthog.fixtures import events
from tests.helpers.posthog.project import NOW, YESTERDAY, running_project
from tests.integration.conftest import NO_TESTS, Warehouse

ANN, PHONE, TABLET, WATCH, BROWSER = (str(uuid.UUID(int=one)) for one in range(1, 6))
NAMES = {
    hmac.new(b"a key for all tests", name.encode(), hashlib.sha256).hexdigest(): name
    for name in ("ann", "phone", "tablet", "watch", "browser", "robot")
}
BUILD = ("dbt", "build", "--quiet", *NO_TESTS, "--select", "+bridge_posthog_persons")
COLUMNS = (
    "name",
    "ingestion_person_id",
    "current_person_id",
    "event_count",
    "has_moved",
)
EXPECTED = {
    ("ann", ANN, ANN, 1, False),
    ("phone", PHONE, ANN, 2, True),
    ("phone", ANN, ANN, 1, False),
    ("tablet", ANN, TABLET, 1, True),
    ("tablet", TABLET, TABLET, 1, False),
    ("watch", WATCH, None, 1, False),
    ("browser", BROWSER, None, 1, False),
    ("robot", None, None, 1, False),
}


def see(store: Store, at: datetime, *seen: tuple[str, str | None]) -> None:
    """Add an event for each distinct id and person at ingestion."""
    distinct_ids, persons = map(list, zip(*seen, strict=True))
    count, label = len(seen), at.isoformat()
    store.add(
        "stored_events",
        events(count, at, label, distinct_id=distinct_ids, person_id=persons),
    )


def begin(store: Store) -> None:
    """The tablet was merged into Ann; nobody ever identified the browser."""
    at = YESTERDAY
    identities.add_person(store, "ann", ANN, at)
    identities.add_person(store, "phone", PHONE, at)
    identities.add_person(store, "tablet", TABLET, at)
    identities.add_person(store, "watch", WATCH, at)
    identities.point(store, "tablet", ANN, at)
    see(store, at, ("ann", ANN), ("phone", PHONE), ("phone", PHONE), ("tablet", ANN))
    others = ("watch", WATCH), ("browser", BROWSER), ("robot", None)
    see(store, at + timedelta(minutes=1), *others)


def go_on(store: Store) -> None:
    """The phone is merged into Ann, the tablet parts from her, the watch is deleted."""
    identities.point(store, "phone", ANN, NOW)
    identities.point(store, "tablet", TABLET, NOW)
    identities.delete(store, "watch", WATCH, NOW)
    see(store, NOW, ("phone", ANN), ("tablet", TABLET))


def test_events_keep_their_person_while_distinct_ids_move(tmp_path: Path) -> None:
    with running_project(page_cap=50_000) as project:
        address = project.stand_in.address
        environment = {
            "POSTHOG_HOST": address.host,
            "POSTHOG_PROJECT_ID": address.project_id,
            "POSTHOG_API_KEY": address.api_key,
        }
        url = f"duckdb:///{tmp_path}/warehouse.duckdb"
        warehouse = Warehouse(url, tmp_path, environment)
        begin(project.store)
        warehouse.run("python", "-m", "loaders")
        go_on(project.store)
        project.clock.sleep(3600)
        warehouse.run("python", "-m", "loaders")
    warehouse.run(*BUILD)
    rows = warehouse.rows("select * from core.bridge_posthog_persons")
    for row in rows:
        row["name"] = NAMES[row["distinct_id_hash"]]
    assert {tuple(map(row.get, COLUMNS)) for row in rows} == EXPECTED
    users = {row["name"]: row["user_key"] for row in rows}
    assert users["phone"] == users["ann"], "activity belongs to the person of now"
    assert len(set(users.values())) == len(NAMES) - 1
