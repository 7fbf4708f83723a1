"""What PostHog received of all this, with everything that goes wrong on the way."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.activity import CLOSET_ADD, EVENT_NAMES, PAGEVIEW, Activity
from demo.world.columns import blanked, chosen, joined, picked, timestamps
from demo.world.distinct_ids import Distinct, draw_distinct_ids, mapping, persons
from demo.world.draw import generator, instants, uuids
from demo.world.identities import Identities
from demo.world.people import WEB, People
from demo.world.scale import DAY, END, HOUR, MINUTE, SECOND, Scale

CLOSET_ITEM_ADDED = "Closet Item Added"
# Not in the configured list: never loaded, and hard on careless quoting.
OTHER_NAMES = (
    "$autocapture",
    "$identify",
    'Clicked "Buy it\'s yours"',
    "Path C:\\temp\\new",
    "Launch \N{ROCKET}",
)
PLATFORM_PROPERTIES = (  # iOS, Android, web
    '"$os":"iOS","$lib":"posthog-ios",',
    '"$os":"Android","$lib":"posthog-android",',
    '"$os":"Mac OS X","$lib":"web",',
)
NETWORKS = ('"$ip":"192.0.2.', '"$ip":"198.51.100.', '"$ip":"203.0.113.')
LATENESS = (MINUTE, 3 * HOUR, 6 * DAY, 40 * DAY)
IMPOSSIBLE = (86_400 * SECOND, 4_070_952_000 * SECOND)  # 1970-01-02, 2099-01-01
IMPOSSIBLE_EVENTS = 12


def capture(
    scale: Scale, people: People, identities: Identities, activity: Activity
) -> dict[str, pa.Table]:
    """Return PostHog's tables: events, person_distinct_ids, persons."""
    rng = generator(scale, "capture")
    distinct = draw_distinct_ids(rng, people, identities)
    events = pa.concat_tables(
        [
            _user_events(rng, people, identities, activity, distinct),
            _visitor_events(rng, scale, distinct),
        ]
    )
    events = pa.concat_tables([events, _impossible(rng, events), _other(rng, events)])
    events = pa.concat_tables([events, _duplicates(rng, events)])
    return {
        "events": events.sort_by([("created_at", "ascending"), ("uuid", "ascending")]),
        "person_distinct_ids": mapping(rng, distinct),
        "persons": persons(rng, scale, people, identities, distinct),
    }


def _user_events(
    rng: np.random.Generator,
    people: People,
    identities: Identities,
    activity: Activity,
    distinct: Distinct,
) -> pa.Table:
    """Turn the activity into captured events."""
    is_closet_add = activity.event_kind == CLOSET_ADD
    adds = int(is_closet_add.sum())
    # The app confirms each closet add by an event of its own.
    confirmed_at = activity.event_at[is_closet_add] + rng.integers(0, SECOND, adds)
    activity = activity.with_events(
        activity.event_session[is_closet_add],
        np.full(adds, len(EVENT_NAMES)),
        np.minimum(confirmed_at, END - 1),
    )
    session, at = activity.event_session, activity.event_at
    user = activity.event_user

    session_distinct = _session_distinct(rng, activity, distinct)
    source = session_distinct[session]
    was_merged = at >= people.signed_up_at[user]
    person = np.where(was_merged, user, source)
    session_ids = uuids(rng, len(activity.session_user))
    lost = ~activity.has_session_id[session] | (rng.random(len(at)) < 0.002)
    is_first = at == activity.session_start[session]
    return _events(
        rng,
        name=picked([*EVENT_NAMES, CLOSET_ITEM_ADDED], activity.event_kind),
        distinct_id=distinct.distinct_id.take(pa.array(source)),
        person_id=distinct.person_id.take(pa.array(person)),
        at=at,
        session_id=blanked(session_ids.take(pa.array(session)), lost),
        platform=people.platform[user],
        personal=_personal(identities, people.identity[user], is_first),
    )


def _session_distinct(
    rng: np.random.Generator, activity: Activity, distinct: Distinct
) -> np.ndarray:
    """Choose the distinct id of each session: now and then people are logged out."""
    user = activity.session_user
    luck = rng.random(len(user))
    anonymous = distinct.anonymous_of[user]
    by_email = distinct.email_of[user]
    is_anonymous = activity.is_anonymous | (luck < 0.1)
    choice = np.where(is_anonymous & (anonymous >= 0), anonymous, user)
    return np.where((luck > 0.7) & (by_email >= 0), by_email, choice)


def _personal(
    identities: Identities, identity: np.ndarray, is_first: np.ndarray
) -> pa.Array:
    """Return the personal properties that SDKs send along, as JSON members."""
    username = picked(identities.username, identity)
    name = joined(
        picked(identities.first, identity), " ", picked(identities.last, identity)
    )
    page = joined('"$current_url":"https://trade.example/u/', username, '"')
    person = joined(
        page,
        ',"$set":{"email":"',
        picked(identities.email, identity),
        '","name":"',
        name,
        '"}',
    )
    return pc.if_else(pa.array(is_first), person, page)


def _visitor_events(
    rng: np.random.Generator, scale: Scale, distinct: Distinct
) -> pa.Table:
    """Visitors look around and never sign up."""
    visitor = np.repeat(np.arange(distinct.visitors), 3)
    start = instants(rng, scale.start, END - HOUR, distinct.visitors)
    at = start[visitor] + rng.integers(0, 20 * MINUTE, len(visitor))
    position = pa.array(distinct.users + visitor)
    return _events(
        rng,
        name=picked(EVENT_NAMES, np.full(len(at), PAGEVIEW)),
        distinct_id=distinct.distinct_id.take(position),
        person_id=distinct.person_id.take(position),
        at=at,
        session_id=uuids(rng, distinct.visitors).take(pa.array(visitor)),
        platform=np.full(len(at), WEB),
        personal=picked(['"$current_url":"https://trade.example/"'], visitor * 0),
    )


def _events(
    rng: np.random.Generator,
    *,
    name: pa.Array,
    distinct_id: pa.Array,
    person_id: pa.Array,
    at: np.ndarray,
    session_id: pa.Array,
    platform: np.ndarray,
    personal: pa.Array,
) -> pa.Table:
    """Build rows of PostHog's events table."""
    count = len(at)
    return pa.table(
        {
            "uuid": uuids(rng, count),
            "event": name,
            "distinct_id": distinct_id,
            "person_id": person_id,
            "timestamp": timestamps(at),
            "created_at": timestamps(_received(rng, at)),
            "properties": _properties(rng, session_id, platform, personal),
        }
    )


def _properties(
    rng: np.random.Generator,
    session_id: pa.Array,
    platform: np.ndarray,
    personal: pa.Array,
) -> pa.Array:
    """Write the JSON that the SDK of each platform sends."""
    count = len(platform)
    address = pa.array(rng.integers(1, 255, count)).cast(pa.string())
    return joined(
        "{",
        joined('"$session_id":"', session_id, '",').fill_null(""),
        picked(PLATFORM_PROPERTIES, platform),
        chosen(rng, NETWORKS, count),
        address,
        '",',
        personal,
        "}",
    )


def _received(rng: np.random.Generator, at: np.ndarray) -> np.ndarray:
    """Return when each event arrived: after seconds, or much too late."""
    soon = rng.exponential(4 * SECOND, len(at)).astype(np.int64)
    late = rng.choice(LATENESS, len(at))
    is_late = (rng.random(len(at)) < 0.01) & (at + late < END)
    return np.minimum(at + np.where(is_late, late, soon), END - 1)


def _impossible(rng: np.random.Generator, events: pa.Table) -> pa.Table:
    """Repeat a few events on phones whose clock is decades wrong."""
    rows = events.take(rng.integers(0, len(events), IMPOSSIBLE_EVENTS))
    wrong = np.resize(IMPOSSIBLE, IMPOSSIBLE_EVENTS) + np.arange(IMPOSSIBLE_EVENTS)
    return _replaced(
        rows, uuid=uuids(rng, IMPOSSIBLE_EVENTS), timestamp=timestamps(wrong)
    )


def _other(rng: np.random.Generator, events: pa.Table) -> pa.Table:
    """Add events that nobody asked for."""
    count = len(events) // 40
    rows = events.take(rng.integers(0, len(events), count))
    return _replaced(
        rows, uuid=uuids(rng, count), event=chosen(rng, OTHER_NAMES, count)
    )


def _duplicates(rng: np.random.Generator, events: pa.Table) -> pa.Table:
    """Send some events again under the same uuid.

    In turn: unchanged five minutes later; a day later, with the time of the second
    attempt; five minutes later with changed properties.
    """
    at = events["timestamp"].cast(pa.int64()).to_numpy()
    received = events["created_at"].cast(pa.int64()).to_numpy()
    candidates = np.flatnonzero((received < END - 2 * DAY) & (at < END - 2 * DAY))
    again = rng.permutation(candidates)[: len(events) // 200]
    turn = np.arange(len(again)) % 3
    rows = events.take(again)
    delay = np.where(turn == 1, DAY, 5 * MINUTE)
    changed = pc.replace_substring(rows["properties"], '"$ip"', '"$retry":1,"$ip"')
    return _replaced(
        rows,
        timestamp=timestamps(at[again] + np.where(turn == 1, DAY, 0)),
        created_at=timestamps(received[again] + delay),
        properties=pc.if_else(pa.array(turn == 2), changed, rows["properties"]),
    )


def _replaced(rows: pa.Table, **columns: pa.Array | pa.ChunkedArray) -> pa.Table:
    for name, values in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, values)
    return rows
