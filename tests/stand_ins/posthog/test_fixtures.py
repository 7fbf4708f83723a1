"""The fixtures are what they are called, and the stand-in can serve them."""

from collections.abc import Iterator
from datetime import timedelta

import pyarrow as pa
import pytest

from stand_ins.posthog import StandIn, Store, fixtures
from stand_ins.posthog.identities import add_person, delete, point
from tests.helpers.posthog.project import YESTERDAY, Clock
from tests.stand_ins.posthog.client import rows

DAY = timedelta(days=1)
PERSON, MERGED = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
MAPPING = (
    "select argMax(person_id, version) as person, "
    "argMax(is_deleted, version) as gone, max(version) as newest "
    "from raw_person_distinct_ids group by distinct_id"
)
EVENT = "select event_person_id, person_id from events"


@pytest.fixture
def stand_in(clock: Clock) -> Iterator[StandIn]:
    """An empty project."""
    with StandIn(Store("America/New_York"), clock) as server:
        yield server


def ages(events: pa.Table) -> list[timedelta]:
    """Return how late each event arrived."""
    pairs = zip(events["created_at"], events["timestamp"], strict=True)
    return [arrived.as_py() - happened.as_py() for arrived, happened in pairs]


def test_an_empty_project_has_nothing(stand_in: StandIn) -> None:
    for table in ("events", "persons", "raw_person_distinct_ids"):
        assert rows(stand_in, f"select count() from {table}") == [[0]]


def test_500_events_are_of_one_microsecond(stand_in: StandIn) -> None:
    stand_in.store.add("stored_events", fixtures.on_one_microsecond(YESTERDAY))
    hogql = (
        "select count(), uniqExact(uuid), uniqExact(timestamp), "
        "uniqExact(created_at) from events"
    )
    assert rows(stand_in, hogql) == [[500, 500, 1, 1]]


def test_one_pair_is_beyond_a_page(stand_in: StandIn) -> None:
    stand_in.store.add("stored_events", fixtures.beyond_a_page(YESTERDAY))
    hogql = "select count(), uniqExact(uuid) from events group by event, distinct_id"
    assert rows(stand_in, hogql) == [[50_001, 50_001]]
    assert len(rows(stand_in, "select uuid from events limit 60000")) == 50_000


def test_events_are_late() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert ages(fixtures.late(YESTERDAY)) == [minute, 3 * hour, 6 * DAY, 40 * DAY]


def test_a_uuid_is_sent_again() -> None:
    sent = fixtures.sent_again(YESTERDAY)
    assert len(set(sent["uuid"].to_pylist())) == 1
    assert len(set(sent["created_at"].to_pylist())) == 4
    assert [when.date().day for when in sent["timestamp"].to_pylist()] == [
        28,
        28,
        29,
        28,
    ]
    assert len(set(sent["properties"].to_pylist())) == 2


def test_times_are_impossible(stand_in: StandIn) -> None:
    stand_in.store.add("stored_events", fixtures.at_impossible_times(YESTERDAY))
    hogql = "select toString(toTimeZone(timestamp, 'UTC')) as t from events order by t"
    got = [time[:4] for (time,) in rows(stand_in, hogql)]
    assert got == ["1900", "1969", "1970", "2099", "2150"]
    conditions = {
        "timestamp < toDateTime('2026-01-01T00:00:00Z')": 1,
        "timestamp >= toDateTime('2026-01-01T00:00:00Z')": 1,
        "toUnixTimestamp64Milli(timestamp) < 1767225600000": 3,
        "toUnixTimestamp64Milli(timestamp) >= 1767225600000": 2,
    }
    # As ClickHouse counts: by the bare timestamp it loses 1900, 1969 and 2150.
    for condition, count in conditions.items():
        assert rows(stand_in, f"select count() from events where {condition}") == [
            [count]
        ]


def test_awkward_names_come_back_as_they_are(stand_in: StandIn) -> None:
    stand_in.store.add("stored_events", fixtures.with_awkward_names(YESTERDAY))
    names = {name for (name,) in rows(stand_in, "select event from events")}
    assert names == set(fixtures.AWKWARD_NAMES)
    for name in names:
        hogql = "select event from events where event = {name}"
        assert rows(stand_in, hogql, name=name) == [[name]]


def test_all_fixtures_are_apart(stand_in: StandIn) -> None:
    fixtures.add_all(stand_in.store, YESTERDAY)
    [[count, different]] = rows(stand_in, "select count(), uniqExact(uuid) from events")
    assert count - different == 3, "one uuid comes four times"


def test_a_person_is_merged_parted_and_deleted(stand_in: StandIn) -> None:
    store = stand_in.store
    event = fixtures.events(1, YESTERDAY, distinct_id="anonymous", person_id=PERSON)
    store.add("stored_events", event)
    add_person(store, "anonymous", PERSON, YESTERDAY)
    assert rows(stand_in, MAPPING) == [[PERSON, False, 0]]

    point(store, "anonymous", MERGED, YESTERDAY)
    assert rows(stand_in, MAPPING) == [[MERGED, False, 1]]
    assert rows(stand_in, EVENT) == [[PERSON, MERGED]]

    point(store, "anonymous", PERSON, YESTERDAY)
    assert rows(stand_in, MAPPING) == [[PERSON, False, 2]]
    assert rows(stand_in, EVENT) == [[PERSON, PERSON]]

    delete(store, "anonymous", PERSON, YESTERDAY)
    assert rows(stand_in, MAPPING) == [[PERSON, True, 3]]
    assert rows(stand_in, "select count() from persons") == [[0]]
    assert rows(stand_in, EVENT) == [[PERSON, PERSON]]
