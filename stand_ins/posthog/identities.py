"""Persons come, merge, part and go; the events keep the person of their arrival.

A merge points the distinct ids of one person to another, an un-merge points them back.
Every change is a new row of `raw_person_distinct_ids`, of a higher version.
"""

from datetime import datetime

from stand_ins.posthog.store import Store


def add_person(
    store: Store, distinct_id: str, person_id: str, at: datetime, properties: str = "{}"
) -> None:
    """Add a person with a distinct id."""
    person = (person_id, at, properties)
    store.execute("insert into persons values ($1, $2, false, $3)", person)
    point(store, distinct_id, person_id, at)


def point(
    store: Store,
    distinct_id: str,
    person_id: str,
    at: datetime,
    *,
    is_deleted: bool = False,
) -> None:
    """Let a distinct id belong to a person from now on."""
    store.execute(
        "insert into raw_person_distinct_ids "
        'select $1, $2, coalesce(max("version") + 1, 0), $3 '
        "from raw_person_distinct_ids where distinct_id = $1",
        (distinct_id, person_id, is_deleted),
    )
    store.execute("insert into person_changes values ($1, $2)", (person_id, at))


def delete(store: Store, distinct_id: str, person_id: str, at: datetime) -> None:
    """Remove a person: its distinct id stays, marked; so do its events."""
    store.execute("delete from persons where id = $1", (person_id,))
    point(store, distinct_id, person_id, at, is_deleted=True)
