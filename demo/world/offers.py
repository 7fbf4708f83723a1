"""Offers between users: made by people or by the machine, accepted, traded."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo.world.draw import uuids
from demo.world.people import People
from demo.world.scale import DAY, END, HOUR, MINUTE

IGNORED_IDEAS = 0.3  # per offer of a person
NEVER = -1


@dataclass(frozen=True)
class Offers:
    """One entry per offer; an instant is -1 where it never came."""

    offer_id: pa.StringArray
    creator: np.ndarray
    receiver: np.ndarray
    created_at: np.ndarray
    is_idea: np.ndarray
    accepted_at: np.ndarray
    confirmed_at: np.ndarray

    @property
    def is_confirmed(self) -> np.ndarray:
        """Tell which offers ended in a confirmed trade."""
        return self.confirmed_at != NEVER


def draw_offers(
    rng: np.random.Generator,
    people: People,
    offered: tuple[np.ndarray, np.ndarray],
    accepted: tuple[np.ndarray, np.ndarray],
    is_traded: np.ndarray,
) -> Offers:
    """Match what people accepted with what others offered.

    Args:
        rng: the draws.
        people: the users.
        offered: users and instants of the captured `Offer Created`.
        accepted: users and instants of the captured `Offer Accepted`.
        is_traded: which of the accepted offers end in a confirmed trade.
    """
    creator, created_at = _in_time_order(*offered)
    receiver = _somebody(rng, people, created_at)
    accepter, accepted_at = accepted
    source = _sources(created_at, creator, accepter, accepted_at)
    is_idea = source == NEVER
    receiver[source[~is_idea]] = accepter[~is_idea]

    # Whatever nobody had offered was an idea of the machine; most ideas are ignored.
    idea_at = accepted_at - rng.integers(10 * MINUTE, 3 * DAY, len(accepted_at))
    ignored_at = rng.choice(created_at, int(len(created_at) * IGNORED_IDEAS))
    made_at = np.concatenate([idea_at[is_idea], ignored_at])
    made_for = np.concatenate([accepter[is_idea], _somebody(rng, people, ignored_at)])
    source[is_idea] = len(creator) + np.arange(int(is_idea.sum()))

    count = len(creator) + len(made_at)
    confirmed_at = accepted_at + rng.integers(2 * HOUR, 5 * DAY, len(accepted_at))
    confirmed_at[~is_traded | (confirmed_at >= END)] = NEVER
    return Offers(
        offer_id=uuids(rng, count),
        creator=np.concatenate([creator, _somebody(rng, people, made_at)]),
        receiver=np.concatenate([receiver, made_for]),
        created_at=np.concatenate([created_at, made_at]),
        is_idea=np.arange(count) >= len(creator),
        accepted_at=_placed(count, source, accepted_at),
        confirmed_at=_placed(count, source, confirmed_at),
    )


def _in_time_order(user: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(at, kind="stable")
    return user[order], at[order]


def _somebody(rng: np.random.Generator, people: People, at: np.ndarray) -> np.ndarray:
    """Draw for each instant a user who had signed up by then."""
    order = np.argsort(people.signed_up_at, kind="stable")
    known = np.searchsorted(people.signed_up_at[order], at)
    return order[(rng.random(len(at)) * known).astype(np.int64)]


def _sources(
    created_at: np.ndarray,
    creator: np.ndarray,
    accepter: np.ndarray,
    accepted_at: np.ndarray,
) -> np.ndarray:
    """Return for each acceptance the newest offer of somebody else, or -1."""
    source = np.searchsorted(created_at, accepted_at - 10 * MINUTE) - 1
    is_own = (source >= 0) & (creator[source] == accepter)
    _, first = np.unique(source, return_index=True)
    is_first = np.isin(np.arange(len(source)), first)
    return np.where(is_own | ~is_first, NEVER, source)


def _placed(count: int, position: np.ndarray, at: np.ndarray) -> np.ndarray:
    placed = np.full(count, NEVER, np.int64)
    placed[position] = at
    return placed
