"""The lot: the same person has the same luck in a campaign, whoever else is drawn."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

HASH_RANGE = 2**256


@dataclass(frozen=True)
class Campaign:
    """A push before it is sent, which has no key yet.

    Attributes:
        title: Its title as it will be recorded.
        send_date: The UTC day on which it begins, as YYYY-MM-DD.
    """

    title: str
    send_date: str

    def __str__(self) -> str:
        """Name it."""
        return f'"{self.title}" on {self.send_date}'


def held_out(
    account_hashes: Iterable[str], campaign: Campaign, share: float, hash_key: str
) -> set[str]:
    """Draw who does not get the push.

    Args:
        account_hashes: The audience.
        campaign: What they are drawn for; another one draws anew.
        share: Share of the audience to hold out. Who is held out of a small one is
            held out of a larger one too.
        hash_key: What nobody else can know, so that nobody can tell the lot.
    """
    return {
        account_hash
        for account_hash in account_hashes
        if _luck(account_hash, campaign, hash_key) < share * HASH_RANGE
    }


def _luck(account_hash: str, campaign: Campaign, hash_key: str) -> int:
    text = f"holdout\n{campaign.title}\n{campaign.send_date}\n{account_hash}"
    return int.from_bytes(hmac.digest(hash_key.encode(), text.encode(), "sha256"))
