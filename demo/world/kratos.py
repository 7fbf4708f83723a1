"""The login service: identities and sessions, beside secrets that never land."""

import numpy as np
import pyarrow as pa

from demo.world.columns import blanked, chosen, joined, picked, timestamps
from demo.world.community import Members
from demo.world.draw import generator, instants, uuids
from demo.world.identities import Identities
from demo.world.scale import DAY, END, Scale


def kratos_tables(
    scale: Scale, identities: Identities, members: Members
) -> tuple[dict[str, pa.Table], pa.Array]:
    """Return the tables of the login database and each member's login identity."""
    rng = generator(scale, "kratos")
    count = len(members)
    identity_id = uuids(rng, count)
    email = picked(identities.email, members.identity)
    created_at = timestamps(members.joined_at)
    has_login = rng.random(count) < 0.9
    tables = {
        "identities": pa.table(
            {
                "id": identity_id,
                "traits": joined('{"email":"', email, '"}'),
                "state": chosen(rng, ["active"] * 9 + ["inactive"], count),
                "created_at": created_at,
            }
        ).filter(pa.array(has_login)),
        "identity_credentials": pa.table(
            {
                "id": uuids(rng, count),
                "identity_id": identity_id,
                "config": joined('{"hashed_password":"$2a$', uuids(rng, count), '"}'),
                "created_at": created_at,
            }
        ).filter(pa.array(has_login)),
        "identity_verifiable_addresses": pa.table(
            {
                "id": uuids(rng, count),
                "identity_id": identity_id,
                "value": email,
                "verified": pa.array(rng.random(count) < 0.8),
            }
        ).filter(pa.array(has_login)),
        "sessions": _sessions(rng, members, identity_id, has_login),
    }
    return tables, blanked(identity_id, ~has_login)


def _sessions(
    rng: np.random.Generator,
    members: Members,
    identity_id: pa.Array,
    has_login: np.ndarray,
) -> pa.Table:
    actor, at = members.acts(rng, 6 * len(members))
    actor, at = actor[has_login[actor]], at[has_login[actor]]
    count = len(actor)
    expires_at = at + DAY
    logged_out_at = instants(rng, at, expires_at, count)
    is_logged_out = (rng.random(count) < 0.3) & (logged_out_at < END)
    address = pa.array(rng.integers(1, 255, count)).cast(pa.string())
    return pa.table(
        {
            "id": uuids(rng, count),
            "identity_id": identity_id.take(pa.array(actor)),
            "active": pa.array((expires_at > END) & ~is_logged_out),
            "authenticated_at": timestamps(at),
            "issued_at": timestamps(at),
            "expires_at": timestamps(expires_at),
            "logged_out_at": timestamps(logged_out_at, ~is_logged_out),
            "aal": chosen(rng, ["aal1", "aal1", "aal2"], count),
            "token": joined("ory_st_", uuids(rng, count)),
            "ip_address": joined("198.51.100.", address),
            "user_agent": chosen(rng, ["Mozilla/5.0 (iPhone)", "okhttp/4.12"], count),
        }
    )
