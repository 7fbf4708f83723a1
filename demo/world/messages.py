"""The messaging extension of the engagement platform."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import chosen, timestamps
from demo.world.community import Members, lifecycle
from demo.world.draw import instants, uuids
from demo.world.scale import END, HOUR, MINUTE

READS_NOTED_TWICE = 20


def message_tables(
    rng: np.random.Generator, members: Members, person_id: pa.Array
) -> dict[str, pa.Table]:
    """Return conversations of two, their messages, reads and reactions."""
    starter, started_at = members.acts(rng, len(members) // 2)
    count = len(starter)
    other = (starter + rng.integers(1, len(members), count)) % len(members)
    conversation_id = uuids(rng, count)
    both, joined_at = np.concatenate([starter, other]), np.tile(started_at, 2)
    return {
        "conversations": pa.table(
            {
                "id": conversation_id,
                "conversation_type": chosen(rng, ["DIRECT"], count),
                "created_by": person_id.take(pa.array(starter)),
                **lifecycle(rng, started_at),
            }
        ),
        "conversation_participants": pa.table(
            {
                "conversation_id": pa.concat_arrays([conversation_id] * 2),
                "person_id": person_id.take(pa.array(both)),
                "role": chosen(rng, ["member"], 2 * count),
                "joined_at": timestamps(joined_at),
                "left_at": timestamps(joined_at, rng.random(2 * count) < 0.95),
                **lifecycle(rng, joined_at),
            }
        ),
        **_messages(
            rng,
            conversation_id,
            started_at,
            person_id.take(pa.array(starter)),
            person_id.take(pa.array(other)),
        ),
    }


def _messages(
    rng: np.random.Generator,
    conversation_id: pa.Array,
    started_at: np.ndarray,
    starter: pa.Array,
    other: pa.Array,
) -> dict[str, pa.Table]:
    """Build messages to and fro, most of them read, few of them liked."""
    conversations = len(conversation_id)
    talk = np.repeat(np.arange(conversations), rng.geometric(0.2, conversations))
    count = len(talk)
    sent_at = instants(rng, started_at[talk], END, count)
    is_reply = pa.array(rng.random(count) < 0.5)
    starter, other = starter.take(pa.array(talk)), other.take(pa.array(talk))
    reader = pc.if_else(is_reply, starter, other)
    message_id = uuids(rng, count)
    read_at = timestamps(np.minimum(sent_at + HOUR, END - 1))
    return {
        "messages": pa.table(
            {
                "id": message_id,
                "conversation_id": conversation_id.take(pa.array(talk)),
                "sender_id": pc.if_else(is_reply, other, starter),
                "message_type": chosen(rng, ["TEXT", "TEXT", "IMAGE"], count),
                "body": chosen(rng, ["Shall we talk about resins?"], count),
                **lifecycle(rng, sent_at),
            }
        ),
        "message_reads": _noted_twice(
            pa.table(
                {
                    "id": uuids(rng, count),
                    "message_id": message_id,
                    "person_id": reader,
                    "read_at": read_at,
                }
            ).filter(pa.array(rng.random(count) < 0.7))
        ),
        "message_reactions": pa.table(
            {
                "message_id": message_id,
                "person_id": reader,
                "reaction_type": chosen(rng, ["like", "thanks"], count),
                "created_at": read_at,
            }
        ).filter(pa.array(rng.random(count) < 0.1)),
    }


def _noted_twice(reads: pa.Table) -> pa.Table:
    """Add some rows with the keys of others, a minute older: only the newer count."""
    twice = reads.slice(length=READS_NOTED_TWICE)
    older = pc.subtract(twice["read_at"], pa.scalar(MINUTE, pa.duration("us")))
    position = reads.column_names.index("read_at")
    return pa.concat_tables([reads, twice.set_column(position, "read_at", older)])
