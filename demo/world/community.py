"""The members of the professional network, shared by ChemLink and Engagement."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo.world.columns import timestamps
from demo.world.draw import generator, heavy_tailed, instants, uuids
from demo.world.identities import TEST_ACCOUNTS, Identities
from demo.world.people import SEED_ACCOUNTS
from demo.world.scale import DAY, END, HOUR, MINUTE, Scale

HISTORY = 540 * DAY
# One night a job touched most rows of every table: no user did that.
BULK_UPDATE = END - 47 * DAY + 3 * HOUR
BULK_SHARE = 0.7
LINKED_SHARE = 0.25  # of members who also use the trading app


@dataclass(frozen=True)
class Members:
    """One entry per member; `identity` points into the identities."""

    identity: np.ndarray
    public_id: pa.Array  # ChemLink's `person_id`, Engagement's `external_id`
    joined_at: np.ndarray
    liveliness: np.ndarray  # relative number of things they do
    in_chemlink: np.ndarray
    in_engagement: np.ndarray

    def __len__(self) -> int:
        """Return how many members there are."""
        return len(self.identity)

    def among(self, is_chosen: np.ndarray) -> "Members":
        """Return the chosen members."""
        return Members(
            identity=self.identity[is_chosen],
            public_id=self.public_id.filter(pa.array(is_chosen)),
            joined_at=self.joined_at[is_chosen],
            liveliness=self.liveliness[is_chosen],
            in_chemlink=self.in_chemlink[is_chosen],
            in_engagement=self.in_engagement[is_chosen],
        )

    def acts(
        self, rng: np.random.Generator, count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw who does something, and when: never before they joined."""
        share = self.liveliness / self.liveliness.sum()
        actor = rng.choice(len(self), count, p=share)
        return actor, instants(rng, self.joined_at[actor], END, count)


def members_of_network(scale: Scale, identities: Identities) -> Members:
    """Draw the members: ghosts, some app users, and people of their own."""
    rng = generator(scale, "members")
    ghosts = np.arange(SEED_ACCOUNTS, len(TEST_ACCOUNTS))
    first_own = scale.users + len(TEST_ACCOUNTS)
    own = np.arange(first_own, len(identities))
    linked = rng.choice(
        np.arange(len(TEST_ACCOUNTS), scale.users),
        int(len(own) * LINKED_SHARE / (1 - LINKED_SHARE)),
        replace=False,
    )
    identity = np.concatenate([ghosts, rng.permutation(np.concatenate([own, linked]))])
    count = len(identity)
    is_ghost = np.arange(count) < len(ghosts)
    in_chemlink = is_ghost | (rng.random(count) < 0.93)
    return Members(
        identity=identity,
        public_id=uuids(rng, count),
        joined_at=np.sort(instants(rng, END - HISTORY, END - DAY, count)),
        liveliness=heavy_tailed(rng, count, mean=1.0, zero_share=0.3),
        in_chemlink=in_chemlink,
        in_engagement=is_ghost | ~in_chemlink | (rng.random(count) < 0.85),
    )


def network_size(scale: Scale) -> int:
    """Return how many identities the network adds to those of the app."""
    return max(60, scale.users * 2 // 5)


def lifecycle(
    rng: np.random.Generator, created_at: np.ndarray, deleted_share: float = 0.04
) -> dict[str, pa.Array]:
    """Return created_at, updated_at (mostly moved by a bulk job) and deleted_at."""
    count = len(created_at)
    later = created_at + (rng.random(count) * (END - created_at)).astype(np.int64)
    bulk = BULK_UPDATE + rng.integers(0, MINUTE, count)
    is_bulk = (rng.random(count) < BULK_SHARE) & (created_at < BULK_UPDATE)
    is_live = rng.random(count) >= deleted_share
    return {
        "created_at": timestamps(created_at),
        "updated_at": timestamps(np.where(is_bulk, bulk, later)),
        "deleted_at": timestamps(later, is_live),
    }


def numbered(count: int) -> pa.Array:
    """Return the ids of a table with bigint keys."""
    return pa.array(np.arange(1, count + 1))
