"""The accounts that existed at a moment."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.integration.product_brute_force.sources import Row, Sources, plain


@dataclass
class Account:
    """An account of a system; PostHog has none."""

    system: str
    id: str
    public_id: str
    email: str | None
    created_at: datetime | None
    is_live: bool
    external_id: str | None = None
    row: Row = field(default_factory=dict)
    user_key: str = ""
    has_conflict: bool = False


def accounts_at(sources: Sources, as_of: datetime) -> list[Account]:
    """Return every account opened so far, and those only a push tells of."""
    accounts = []
    for system, table, public_id in (
        ("chemlink", "chemlink.persons", "person_id"),
        ("engagement", "engagement.persons", "id"),
        ("app", "app.users", "id"),
        ("assistant", "assistant.users", "id"),
    ):
        for row in sources.tables[table]:
            if row["created_at"] and row["created_at"] > as_of:
                continue
            deleted_at = row["deleted_at"]
            accounts.append(
                Account(
                    system=system,
                    id=str(row["id"]),
                    public_id=str(row[public_id]),
                    email=plain(row["email"]) if row["email"] else None,
                    created_at=row["created_at"],
                    is_live=deleted_at is None or deleted_at > as_of,
                    external_id=row.get("external_id"),
                    row=row,
                )
            )
    known = {account.id for account in accounts if account.system == "app"}
    pushed = {
        row["user_id"]
        for row in sources.tables["neon.user_notifications"]
        if row["sent_at"] <= as_of
    }
    accounts += [
        Account("app", user, user, email=None, created_at=None, is_live=True)
        for user in pushed - known
    ]
    return accounts
