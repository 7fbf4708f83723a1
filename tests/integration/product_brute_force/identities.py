"""Which account belongs to which person, as far as anybody could know at a moment."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from tests.integration.product_brute_force.accounts import Account, accounts_at
from tests.integration.product_brute_force.distinct_ids import match_distinct_ids
from tests.integration.product_brute_force.sources import Sources, plain


@dataclass(frozen=True)
class Identities:
    """The person of every account and distinct id."""

    accounts: list[Account]
    distinct_ids: dict[str, str]
    ambiguous_distinct_ids: set[str]

    def of(self, system: str) -> dict[str, str]:
        """Return the person of each account of a system."""
        return {one.id: one.user_key for one in self.accounts if one.system == system}


def identities_at(sources: Sources, as_of: datetime, seen: set[str]) -> Identities:
    """Tell who is who.

    Args:
        sources: all rows.
        as_of: later accounts are not known yet, later deletions not done yet.
        seen: distinct ids of the events so far.
    """
    accounts = accounts_at(sources, as_of)
    by_email: dict[str, dict[str, list[Account]]] = defaultdict(dict)
    for system in ("chemlink", "engagement", "app", "assistant"):
        sharing = defaultdict(list)
        for account in accounts:
            if account.system == system and account.email:
                sharing[account.email].append(account)
        for email, some in sharing.items():
            live = [account for account in some if account.is_live]
            by_email[email][system] = live or some
    by_public_id = {}
    for account in accounts:
        account.user_key = sources.hashed(account.public_id)
        if account.system == "chemlink":
            by_public_id[plain(account.public_id)] = account
    for account in accounts:
        if account.system == "engagement":
            _match_engagement(account, by_email[account.email or ""], by_public_id)
    for account in accounts:
        if account.system == "app":
            _match_app(account, by_email[account.email or ""])
    for account in accounts:
        if account.system == "assistant":
            _match_assistant(account, by_email[account.email or ""])
    return Identities(accounts, *match_distinct_ids(sources, accounts, by_email, seen))


def _match_engagement(
    account: Account,
    sharing: dict[str, list[Account]],
    by_public_id: dict[str, Account],
) -> None:
    """By the external id, else by an address nobody else has."""
    linked = by_public_id.get(plain(account.external_id))
    chemlink = sharing.get("chemlink", [])
    is_unique = len(chemlink) == len(sharing.get("engagement", [])) == 1
    if linked:
        account.user_key = linked.user_key
        account.has_conflict = is_unique and chemlink[0] is not linked
    elif is_unique and account in sharing["engagement"]:
        account.user_key = chemlink[0].user_key
    else:
        account.has_conflict = bool(chemlink)


def _match_app(account: Account, sharing: dict[str, list[Account]]) -> None:
    """By an address that one app user shares with one person, ChemLink's first."""
    chemlink = sharing.get("chemlink", [])
    engagement = sharing.get("engagement", [])
    if sharing.get("app") != [account]:
        account.has_conflict = bool(chemlink or engagement)
    elif len(chemlink) == 1:
        account.user_key = chemlink[0].user_key
        account.has_conflict = (
            len(engagement) == 1 and engagement[0].user_key != account.user_key
        )
    elif not chemlink and len(engagement) == 1:
        account.user_key = engagement[0].user_key
    else:
        account.has_conflict = bool(chemlink or engagement)


def _match_assistant(account: Account, sharing: dict[str, list[Account]]) -> None:
    """By an address that one account shares with one person, as an app user's.

    Only where neither ChemLink nor the engagement platform has it, the app's decides.
    """
    systems = ("chemlink", "engagement", "app")
    found = [sharing[system] for system in systems if sharing.get(system)]
    if sharing.get("assistant") != [account] or not found or len(found[0]) > 1:
        account.has_conflict = bool(found)
        return
    account.user_key = found[0][0].user_key
    engagement = sharing.get("engagement", [])
    account.has_conflict = (
        "chemlink" in sharing
        and len(engagement) == 1
        and engagement[0].user_key != account.user_key
    )
