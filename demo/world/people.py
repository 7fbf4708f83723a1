"""The users of the app: who they are, when they came, how busy they are."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo.world.draw import generator, heavy_tailed, uuids
from demo.world.identities import TEST_ACCOUNTS, Identities
from demo.world.scale import DAY, END, HOUR, Scale

SEED_ACCOUNTS = 3  # colleagues who get every part of every push
IOS, ANDROID, WEB = 0, 1, 2
INTERESTS = 5

# Actions per session and metric, and the share of users who never do it.
ACTION_RATES = {
    "closet_adds": (0.38, 0.35),
    "wishlist_adds": (0.32, 0.40),
    "offers_created": (0.24, 0.45),
    "offers_accepted": (0.12, 0.55),
    "trade_machine_clicks": (0.20, 0.50),
}


@dataclass(frozen=True)
class People:
    """The app's users, one entry each; `identity` points into the identities."""

    identity: np.ndarray
    user_id: pa.StringArray
    signed_up_at: np.ndarray
    left_at: np.ndarray
    sessions_per_week: np.ndarray
    actions_per_session: dict[str, np.ndarray]
    offset: np.ndarray
    platform: np.ndarray
    interest: np.ndarray
    is_reachable: np.ndarray
    was_anonymous: np.ndarray
    token: np.ndarray

    def __len__(self) -> int:
        """Return how many users there are."""
        return len(self.identity)


def draw_people(scale: Scale, identities: Identities) -> People:
    """Draw the users of the app; the first are the colleagues' seed accounts."""
    rng = generator(scale, "people")
    count = scale.users
    is_seed = np.arange(count) < SEED_ACCOUNTS
    signed_up_at = np.where(is_seed, scale.start - 200 * DAY, _sign_ups(rng, scale))
    stays = rng.exponential(300, count) * DAY
    is_loyal = is_seed | (rng.random(count) < 0.4)
    identity = np.arange(count)
    identity[SEED_ACCOUNTS:] += len(TEST_ACCOUNTS) - SEED_ACCOUNTS
    return People(
        identity=identity,
        user_id=uuids(rng, count),
        signed_up_at=signed_up_at,
        left_at=np.where(is_loyal, END, signed_up_at + stays.astype(np.int64)),
        sessions_per_week=heavy_tailed(rng, count, mean=5.0, zero_share=0.08),
        actions_per_session={
            metric: heavy_tailed(rng, count, mean, zero_share)
            for metric, (mean, zero_share) in ACTION_RATES.items()
        },
        offset=rng.choice(np.array([-8, -7, -6, -5, 0, 1]) * HOUR, count),
        platform=rng.choice([IOS, ANDROID, WEB], count, p=[0.55, 0.3, 0.15]),
        interest=rng.integers(0, INTERESTS, count),
        is_reachable=is_seed | (rng.random(count) < 0.88),
        was_anonymous=~is_seed & (rng.random(count) < 0.12),
        token=_tokens(rng, count),
    )


def _sign_ups(rng: np.random.Generator, scale: Scale) -> np.ndarray:
    """Draw sign-ups: over half came before tracking began, then ever more a day."""
    before = scale.start - rng.random(scale.users) * 300 * DAY
    during = scale.start + rng.random(scale.users) ** 0.75 * scale.days * DAY
    is_early = rng.random(scale.users) < 0.55
    return np.where(is_early, before, during).astype(np.int64)


def _tokens(rng: np.random.Generator, count: int) -> np.ndarray:
    alphabet = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", "S1")
    bodies = rng.choice(alphabet, (count, 22)).view("S22").ravel().astype(str)
    return np.array([f"ExponentPushToken[{body}]" for body in bodies])
