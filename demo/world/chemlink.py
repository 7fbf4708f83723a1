"""The ChemLink service: profiles, careers, collections, searches, votes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.chemlink_activity import careers, collections, finder
from demo.world.columns import blanked, chosen, joined, picked, timestamps
from demo.world.community import Members, lifecycle, numbered
from demo.world.draw import generator, uuids
from demo.world.glossary import glossary
from demo.world.identities import Identities, capitalised
from demo.world.lookups import looked_up, lookup_tables
from demo.world.scale import Scale


def chemlink_tables(
    scale: Scale, identities: Identities, members: Members, kratos_id: pa.Array
) -> dict[str, pa.Table]:
    """Return the tables of the ChemLink database.

    Args:
        scale: the size of the world.
        identities: names and addresses.
        members: who has a ChemLink profile.
        kratos_id: the login identity of each member, NULL for some.
    """
    rng = generator(scale, "chemlink")
    return {
        "persons": _persons(rng, identities, members, kratos_id),
        **careers(rng, members),
        **collections(rng, members),
        **finder(rng, identities, members),
        **lookup_tables(),
        "glossary": glossary(rng, identities),
        "audit_logs": _audit_logs(rng, identities, members),
    }


def _persons(
    rng: np.random.Generator,
    identities: Identities,
    members: Members,
    kratos_id: pa.Array,
) -> pa.Table:
    count = len(members)
    identity = members.identity
    first, last = picked(identities.first, identity), picked(identities.last, identity)
    # People type their address as they like, and a few registered twice.
    email = picked(list(map(capitalised, identities.email)), identity)
    twin = np.arange(count)
    twins = rng.choice(np.arange(5, count), count // 80 + 1, replace=False)
    twin[twins] = twins - 1
    lower = pc.utf8_lower(email.take(pa.array(twin)))
    is_lower = rng.random(count) < 0.5
    return pa.table(
        {
            "id": numbered(count),
            "person_id": members.public_id,
            "chemlink_id": uuids(rng, count),
            "kratos_id": kratos_id,
            "hydra_id": uuids(rng, count),
            "first_name": blanked(first, rng.random(count) < 0.03),
            "middle_name": blanked(last, rng.random(count) < 0.9),
            "last_name": blanked(last, rng.random(count) < 0.05),
            "name": joined(first, " ", last),
            "email": pc.if_else(
                pa.array(is_lower | (twin != np.arange(count))), lower, email
            ),
            "secondary_email": blanked(
                picked(identities.second_email, identity), rng.random(count) < 0.8
            ),
            "mobile_number": picked(identities.phone, identity),
            "mobile_number_country_code": chosen(rng, ["+1", "+49", "+91"], count),
            "linked_in_url": blanked(
                picked(identities.linked_in, identity), rng.random(count) < 0.4
            ),
            "profile_picture": joined(
                "https://images.example/", picked(identities.username, identity)
            ),
            "headline_description": chosen(
                rng, [None, "", "Chemist", "Process engineer, polymers"], count
            ),
            "career_goals": joined("Talk to ", first, " about solvents"),
            "business_experience_summary": joined(first, " ", last, " led two plants"),
            "location_id": looked_up(rng, "locations", count, missing=0.2),
            "company_id": looked_up(rng, "companies", count, missing=0.1),
            "role_id": looked_up(rng, "roles", count, missing=0.1),
            "has_finder": pa.array(rng.random(count) < 0.4),
            "profile": joined('{"about":"', first, " ", last, '"}'),
            **lifecycle(rng, members.joined_at, deleted_share=0.03),
        }
    )


def _audit_logs(
    rng: np.random.Generator, identities: Identities, members: Members
) -> pa.Table:
    actor, at = members.acts(rng, len(members))
    email = picked(identities.email, members.identity[actor])
    values = joined('{"email":"', email, '"}')
    return pa.table(
        {
            "id": numbered(len(actor)),
            "user_id": members.public_id.take(pa.array(actor)),
            "action": chosen(rng, ["create", "update", "delete"], len(actor)),
            "entity_type": chosen(rng, ["experience", "collection"], len(actor)),
            "entity_id": pa.array(rng.integers(1, 500, len(actor))),
            "old_values": values,
            "new_values": values,
            "created_at": timestamps(at),
        }
    )
