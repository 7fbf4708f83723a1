"""Events that a loader loses if it is careless.

    store.add("stored_events", fixtures.on_one_microsecond(at))
    fixtures.add_all(store, at)

What is left out here needs no rows of its own: an empty project is a `Store()`; a row
that arrives between plan and fetch is a hook (`script.py`); exports without a file, in
three parts or with an extra column are planned (`export_runs.py`) or made (`lake.py`);
merges, un-merges and deletions are in `identities.py`.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pyarrow as pa

from stand_ins.posthog.capture_api import person_of
from stand_ins.posthog.store import Store

PAGE = 50_000
LATENESS = (
    timedelta(minutes=1),
    timedelta(hours=3),
    timedelta(days=6),
    timedelta(days=40),
)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
AWKWARD_NAMES = (
    "it's",
    'say "hi"',
    "back\\slash",
    "ends in \\",
    "{event_0}",
    "100% $os",
    "\N{ROCKET} 'a\\' or true --",
    "two\nlines",
    " spaces ",
)


def events(count: int, at: datetime, label: str = "event", **columns: Any) -> pa.Table:  # noqa: ANN401
    """Return events that happened and arrived at a moment.

    Args:
        count: how many.
        at: when.
        label: events of different labels share no uuid and no distinct id.
        columns: a value for all of them, or a list of values.
    """
    names = [f"{label} {number}" for number in range(count)]
    distinct_ids = _listed(columns.get("distinct_id", names), count)
    values = {
        "uuid": [str(uuid.uuid5(uuid.NAMESPACE_URL, name)) for name in names],
        "event": "$pageview",
        "distinct_id": distinct_ids,
        "person_id": [person_of(distinct_id) for distinct_id in distinct_ids],
        "timestamp": at,
        "created_at": at,
        "properties": "{}",
        **columns,
    }
    return pa.table({name: _listed(value, count) for name, value in values.items()})


def _listed(value: object, count: int) -> list[Any]:
    return value if isinstance(value, list) else [value] * count


def on_one_microsecond(at: datetime, count: int = 500) -> pa.Table:
    """Return events of one instant: no page that ends there may cut them apart."""
    return events(count, at, "same instant")


def beyond_a_page(at: datetime, count: int = PAGE + 1) -> pa.Table:
    """Return one event of one person, more often than a page has rows."""
    return events(count, at, "robot", distinct_id="robot")


def late(at: datetime) -> pa.Table:
    """Return events that arrive now and happened a minute to 40 days ago."""
    times = [at - lateness for lateness in LATENESS]
    return events(len(times), at, "late", timestamp=times)


def visible_late(at: datetime, delay: timedelta) -> pa.Table:
    """Return an event whose row can be seen only some time after its arrival."""
    return events(1, at, "held up", inserted_at=at + delay)


def sent_again(at: datetime) -> pa.Table:
    """Return one uuid four times: again, the next day, and with other properties."""
    first = events(1, at, "sent again")["uuid"][0].as_py()
    times = [at - 2 * DAY, at - 2 * DAY, at - DAY, at - 2 * DAY]
    return events(
        4,
        at,
        "sent again",
        uuid=first,
        distinct_id="sent again 0",
        timestamp=times,
        created_at=[at - 2 * DAY + number * MINUTE for number in range(4)],
        properties=["{}", "{}", "{}", '{"$os":"iOS"}'],
    )


def at_impossible_times(at: datetime) -> pa.Table:
    """Return events of wrong clocks: before 1970, at its start, and in the future."""
    years = (1900, 1969, 1970, 2099, 2150)
    times = [datetime(year, 1, 1, tzinfo=UTC) for year in years]
    return events(len(times), at, "wrong clock", timestamp=times)


def with_awkward_names(at: datetime) -> pa.Table:
    """Return events whose names break careless quoting."""
    names = list(AWKWARD_NAMES)
    properties = [orjson.dumps({name: name}).decode() for name in names]
    return events(len(names), at, "awkward", event=names, properties=properties)


def add_all(store: Store, at: datetime) -> None:
    """Add all of them to a project, as of a moment."""
    for rows in (
        on_one_microsecond(at),
        beyond_a_page(at),
        late(at),
        sent_again(at),
        at_impossible_times(at),
        with_awkward_names(at),
    ):
        store.add("stored_events", rows)
