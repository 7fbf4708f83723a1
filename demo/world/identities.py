"""Invented names, addresses and numbers: what must never reach the warehouse.

The names are built from rare syllables, so that finding one of them in any other
file means that a personal value leaked.
"""

from dataclasses import dataclass

import numpy as np

FIRST_STARTS = ["Velo", "Thari", "Mirqu", "Ostra", "Zanvi", "Quelo", "Xanti", "Fyoro"]
FIRST_ENDS = ["rinth", "thalia", "moqan", "vexia", "dornis", "lisqa", "bexor", "wynka"]
LAST_STARTS = [
    "Dorma",
    "Krezha",
    "Vinqua",
    "Sturbo",
    "Maxhi",
    "Pelvo",
    "Yarzo",
    "Noxva",
]
LAST_ENDS = ["skel", "wrath", "quist", "zhov", "bryndt", "xley", "fjord", "pzolt"]
DOMAINS = ("postbox.example", "mailhub.example", "inbox.example")

# The first identities are colleagues and ghosts, at fixed addresses, so that a seed
# table can name the accounts to exclude.
TEST_ACCOUNTS = [f"tester-{number}@qa-team.example" for number in range(1, 9)]


@dataclass(frozen=True)
class Identities:
    """One entry per invented human, whichever systems know them."""

    first: list[str]
    last: list[str]
    email: list[str]
    second_email: list[str]
    username: list[str]
    phone: list[str]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.email)

    @property
    def linked_in(self) -> list[str]:
        """Addresses of their profiles."""
        return [f"https://www.linkedin.example/in/{name}" for name in self.username]

    def personal_values(self) -> set[str]:
        """Return every value that names one of them, in each spelling used."""
        emails = {*self.email, *self.second_email}
        return {
            *emails,
            *map(str.upper, emails),
            *map(capitalised, emails),
            *self.first,
            *self.last,
            *map(" ".join, zip(self.first, self.last, strict=True)),
            *self.username,
            *self.phone,
        }


def capitalised(email: str) -> str:
    """Spell an address the way people type it on a phone."""
    return email.title()


def draw_identities(rng: np.random.Generator, count: int) -> Identities:
    """Invent people; addresses, usernames and numbers are unique."""
    first = _names(rng, FIRST_STARTS, FIRST_ENDS, count)
    last = _names(rng, LAST_STARTS, LAST_ENDS, count)
    number = int(rng.integers(0, 10_000_000))
    numbered = list(enumerate(zip(first, last, strict=True)))
    return Identities(
        first=first,
        last=last,
        email=TEST_ACCOUNTS
        + [
            f"{one}.{two}.{index}@{DOMAINS[index % 3]}".lower()
            for index, (one, two) in numbered[len(TEST_ACCOUNTS) :]
        ],
        second_email=[
            f"{two}.{one}.{index}@sidebox.example".lower()
            for index, (one, two) in numbered
        ],
        username=[f"{one}-{two}-{index}".lower() for index, (one, two) in numbered],
        # 7919 is coprime to ten million, so no number comes twice.
        phone=[
            f"+1555{(number + index * 7919) % 10_000_000:07d}" for index in range(count)
        ],
    )


def _names(
    rng: np.random.Generator, starts: list[str], ends: list[str], count: int
) -> list[str]:
    names = np.array([start + end for start in starts for end in ends])
    return names[rng.integers(0, len(names), count)].tolist()
