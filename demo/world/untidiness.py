"""What real sources leave lying about, put into the finished tables.

It has draws of its own, so everything else in the world stays as it is.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import chosen, timestamps
from demo.world.draw import generator, uuids
from demo.world.scale import SECOND, Scale

ZERO_TIME = -62_135_596_800 * SECOND  # 0001-01-01, the zero of Go and .NET
IS_DELETED = 1  # a flag, where other rows have 0

Database = dict[str, pa.Table]


def untidied(scale: Scale, databases: dict[str, Database]) -> dict[str, Database]:
    """Return the databases with times that stand for none, flags and robots."""
    rng = generator(scale, "untidiness")
    app, chemlink, engagement = (
        databases[name] for name in ("app", "chemlink", "engagement")
    )
    is_live = chemlink["persons"]["deleted_at"].is_null().to_numpy()
    person = rng.choice(np.flatnonzero(is_live))
    member = rng.integers(0, len(engagement["persons"]))
    is_confirmed = app["trades"]["confirmed_trade_date"].is_valid().to_numpy()
    trade = rng.choice(np.flatnonzero(is_confirmed))
    is_deleted = np.arange(len(app["trades"])) == trade
    return {
        **databases,
        "app": {
            **app,
            "trades": app["trades"].append_column(
                "deleted_at", pa.array(is_deleted * IS_DELETED)
            ),
        },
        "chemlink": {
            **chemlink,
            "persons": _zeroed(chemlink["persons"], "deleted_at", person),
        },
        "engagement": {
            **engagement,
            "persons": _zeroed(engagement["persons"], "created_at", member),
            "messages": pa.concat_tables(
                [engagement["messages"], _announcements(rng, engagement)]
            ),
        },
    }


def _zeroed(rows: pa.Table, column: str, row: int) -> pa.Table:
    """Return the rows with the zero time in one place."""
    is_row = pa.array(np.arange(len(rows)) == row)
    zero = timestamps(np.full(len(rows), ZERO_TIME))
    values = pc.if_else(is_row, zero, rows[column])
    return rows.set_column(rows.column_names.index(column), column, values)


def _announcements(rng: np.random.Generator, engagement: Database) -> pa.Table:
    """Build the messages that the platform itself writes as conversations begin."""
    begun = engagement["conversations"]
    count = len(begun)
    return pa.table(
        {
            "id": uuids(rng, count),
            "conversation_id": begun["id"],
            "sender_id": begun["created_by"],
            "message_type": chosen(rng, ["SYSTEM", "NOTIFICATION"], count),
            "body": chosen(rng, ["A conversation has begun"], count),
            "created_at": begun["created_at"],
            "updated_at": begun["created_at"],
            "deleted_at": timestamps(np.zeros(count), np.full(count, True)),
        }
    )
