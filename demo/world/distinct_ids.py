"""Who is who in PostHog: distinct ids, the persons they belong to, and merges."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import joined, picked, timestamps
from demo.world.draw import instants, uuids
from demo.world.identities import Identities
from demo.world.people import People
from demo.world.scale import DAY, END, Scale


@dataclass(frozen=True)
class Distinct:
    """Distinct ids: users first, then visitors, anonymous ids and e-mail addresses.

    Attributes:
        distinct_id: as the SDK sent it.
        person_id: the person that PostHog made when it first saw the id.
        merged_into: the user whose person it belongs to now, -1 for visitors.
        anonymous_of: position of each user's anonymous id, -1 for none.
        email_of: position of each user's e-mail id, -1 for none.
        users: how many distinct ids are users.
        visitors: how many are visitors.
    """

    distinct_id: pa.Array
    person_id: pa.Array
    merged_into: np.ndarray
    anonymous_of: np.ndarray
    email_of: np.ndarray
    users: int
    visitors: int


def draw_distinct_ids(
    rng: np.random.Generator, people: People, identities: Identities
) -> Distinct:
    """Draw the ids of users and visitors, and second ids of some users."""
    users, visitors = len(people), len(people) // 10
    anonymous = np.flatnonzero(people.was_anonymous)
    # An older SDK identified some users by their e-mail address.
    by_email = np.flatnonzero(rng.random(users) < 0.02)
    emails = picked(identities.email, people.identity[by_email])
    ids = [people.user_id, uuids(rng, visitors), uuids(rng, len(anonymous)), emails]
    anonymous_of = np.full(users, -1)
    anonymous_of[anonymous] = users + visitors + np.arange(len(anonymous))
    email_of = np.full(users, -1)
    email_of[by_email] = users + visitors + len(anonymous) + np.arange(len(by_email))
    return Distinct(
        distinct_id=pa.concat_arrays(ids),
        person_id=uuids(rng, sum(map(len, ids))),
        merged_into=np.concatenate(
            [np.arange(users), np.full(visitors, -1), anonymous, by_email]
        ),
        anonymous_of=anonymous_of,
        email_of=email_of,
        users=users,
        visitors=visitors,
    )


def mapping(rng: np.random.Generator, distinct: Distinct) -> pa.Table:
    """Map distinct ids to persons: merged ids have an old and a new version.

    A few visitors were deleted, and a few split off again from a person.
    """
    total = len(distinct.distinct_id)
    position = np.arange(total)
    merged = np.flatnonzero(
        (distinct.merged_into >= 0) & (distinct.merged_into != position)
    )
    visitor = distinct.users + np.arange(distinct.visitors)
    deleted, split = visitor[::7], visitor[1::7]
    id_at = np.concatenate([position, merged, deleted, split])
    person_at = np.concatenate(
        [position, distinct.merged_into[merged], deleted, np.roll(split, 1)]
    )
    version = np.repeat([0, 1], [total, len(id_at) - total])
    is_deleted = np.zeros(len(id_at), bool)
    is_deleted[total + len(merged) : total + len(merged) + len(deleted)] = True
    rows = pa.table(
        {
            "distinct_id": distinct.distinct_id.take(pa.array(id_at)),
            "person_id": distinct.person_id.take(pa.array(person_at)),
            "version": pa.array(version),
            "is_deleted": pa.array(is_deleted),
        }
    )
    return rows.take(rng.permutation(len(rows)))


def persons(
    rng: np.random.Generator,
    scale: Scale,
    people: People,
    identities: Identities,
    distinct: Distinct,
) -> pa.Table:
    """List the persons: users, visitors, and merged ones that were never removed."""
    count = len(distinct.distinct_id)
    created_at = instants(rng, scale.start, END - DAY, count)
    created_at[: len(people)] = np.maximum(people.signed_up_at, scale.start)
    created_at = np.minimum(created_at, END - 1)
    is_user = np.arange(count) < len(people)
    identity = np.pad(people.identity, (0, count - len(people)))
    details = joined(
        '{"email":"',
        picked(identities.email, identity),
        '","name":"',
        picked(identities.first, identity),
        " ",
        picked(identities.last, identity),
        '"}',
    )
    return pa.table(
        {
            "id": distinct.person_id,
            "created_at": timestamps(created_at),
            "is_identified": pa.array(is_user),
            "properties": pc.if_else(pa.array(is_user), details, "{}"),
        }
    )
