"""Which app user is behind each of PostHog's distinct ids."""

from collections import defaultdict

from tests.integration.product_brute_force.accounts import Account
from tests.integration.product_brute_force.sources import Sources, plain


def match_distinct_ids(
    sources: Sources,
    accounts: list[Account],
    by_email: dict[str, dict[str, list[Account]]],
    seen: set[str],
) -> tuple[dict[str, str], set[str]]:
    """By the app user's id, its unique address, or the only user PostHog merged."""
    app_users = {plain(one.id): one for one in accounts if one.system == "app"}
    owners = {}
    people = defaultdict(set)
    for distinct_id in {*seen, *sources.distinct_ids}:
        owner = app_users.get(plain(distinct_id))
        users = by_email.get(plain(distinct_id), {}).get("app", [])
        if owner is None and len(users) == 1:
            owner = users[0]
        if owner:
            owners[distinct_id] = owner.user_key
        row = sources.distinct_ids.get(distinct_id)
        if row and not row["is_deleted"]:
            people[row["person_id"]].add(distinct_id)
    keys, ambiguous = dict(owners), set()
    for ids in people.values():
        users = {owners[one] for one in ids if one in owners}
        strangers = min(sources.hashed(one) for one in ids)
        for one in ids:
            if len(users) > 1:
                ambiguous.add(one)
            elif one not in keys:
                keys[one] = next(iter(users)) if users else strangers
    for one in seen:
        keys.setdefault(one, sources.hashed(one))
    return keys, ambiguous
