"""Who uses the assistant: colleagues, people of the other systems, and its own."""

from dataclasses import dataclass

import numpy as np

from demo.world.draw import generator, uuids
from demo.world.identities import TEST_ACCOUNTS, Identities, draw_identities
from demo.world.scale import DAY, END, HOUR, Scale

SHARE_OF_USERS = 5  # one for so many users of the app
BETA_DAYS = 90
COLLEAGUES = 2
ACTIVE_SHARE = 0.1  # of the days after the first, on average
CONSENT = ([True, False, None], [0.7, 0.15, 0.15])
# The credits of the seed assistant_plans.
PLANS = {"beta": 100, "pro": 500, None: 100}
OWN_ALLOWANCE = 40
LANGUAGES = (["en", "de", "es", "fr", "ar"], [0.54, 0.16, 0.13, 0.12, 0.05])
USE_CASES = (
    [
        "marketing",
        "social_media",
        "product_photos",
        "presentation",
        "research",
        "personal",
        "other",
    ],
    [0.2, 0.24, 0.18, 0.1, 0.1, 0.12, 0.06],
)
INTENTS = (
    [
        "make_image",
        "edit_image",
        "make_video",
        "search",
        "write_text",
        "ask_about_product",
        "other",
    ],
    np.array([6.0, 3.0, 3.0, 2.5, 2.0, 1.0, 0.7]),
)


@dataclass(frozen=True)
class User:
    """One account; `allowance` is what the database says, `credits` what counts."""

    user_id: str
    email: str
    first: str
    last: str
    username: str
    phone: str
    signed_up_at: int
    deleted_at: int | None
    consent: bool | None
    plan: str | None
    allowance: int | None
    language: str
    use_case: str
    intents: np.ndarray  # how likely each is
    active_share: float

    @property
    def credits(self) -> int:
        """The credits that the person has."""
        return PLANS[self.plan] if self.allowance is None else self.allowance

    def personal_values(self) -> set[str]:
        """Return what names the person."""
        name = f"{self.first} {self.last}"
        return {self.email, self.first, self.last, name, self.username, self.phone}


def draw_users(scale: Scale, identities: Identities) -> list[User]:
    """Draw the accounts; the last belongs to a person who has another one."""
    rng = generator(scale, "assistant users")
    count = scale.users // SHARE_OF_USERS
    people, known = _people(scale, rng, identities, count - 1)
    chosen = [*known, int(rng.choice(known[COLLEAGUES:]))]
    ids = uuids(rng, count).to_pylist()
    return [
        _user(rng, scale, people, identity, user_id, is_twin=number == count - 1)
        for number, (identity, user_id) in enumerate(zip(chosen, ids, strict=True))
    ]


def _people(
    scale: Scale, rng: np.random.Generator, identities: Identities, count: int
) -> tuple[Identities, list[int]]:
    """Return all identities there are, and which of them use the assistant.

    Half of these nobody else knows.
    """
    before = len(identities)
    own = count // 2
    drawn = draw_identities(generator(scale, "assistant identities"), before + own)
    people = Identities(
        **{
            name: values + getattr(drawn, name)[before:]
            for name, values in vars(identities).items()
        }
    )
    others = rng.choice(
        np.arange(len(TEST_ACCOUNTS), before), count - COLLEAGUES - own, replace=False
    )
    return people, [*range(COLLEAGUES), *others.tolist(), *range(before, before + own)]


def _user(
    rng: np.random.Generator,
    scale: Scale,
    people: Identities,
    identity: int,
    user_id: str,
    is_twin: bool,
) -> User:
    """Draw one account; people sign up by day, so that a first talk ends that day."""
    days = min(BETA_DAYS, scale.days)
    day = END - days * DAY + int(rng.random() ** 0.8 * days) * DAY
    signed_up_at = day + int(rng.integers(6 * HOUR, 20 * HOUR))
    is_deleted = rng.random() < 0.03
    deleted_at = signed_up_at + int(rng.random() * (END - signed_up_at))
    plan = str(rng.choice(["beta", "pro"], p=[0.9, 0.1]))
    email = people.email[identity]
    return User(
        user_id=user_id,
        email=email.upper() if is_twin else email,
        first=people.first[identity],
        last=people.last[identity],
        username=people.username[identity],
        phone=people.phone[identity],
        signed_up_at=signed_up_at,
        deleted_at=deleted_at if is_deleted else None,
        consent=CONSENT[0][rng.choice(3, p=CONSENT[1])],
        plan=plan if rng.random() < 0.85 else None,
        allowance=OWN_ALLOWANCE if rng.random() < 0.1 else None,
        language=str(rng.choice(LANGUAGES[0], p=LANGUAGES[1])),
        use_case=str(rng.choice(USE_CASES[0], p=USE_CASES[1])),
        intents=rng.dirichlet(INTENTS[1] / 4),
        active_share=float(rng.gamma(0.8, ACTIVE_SHARE / 0.8)),
    )
