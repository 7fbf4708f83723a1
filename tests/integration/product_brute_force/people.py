"""Persons, put together from their accounts."""

from dataclasses import dataclass
from datetime import datetime

from tests.integration.product_brute_force.accounts import Account


@dataclass
class Person:
    """A person and what the accounts say."""

    user_key: str
    accounts: list[Account]
    is_test_account: bool

    @property
    def has_finder(self) -> bool:
        """Tell whether a ChemLink account may use the Finder."""
        return any(account.row.get("has_finder") for account in self.accounts)

    @property
    def user_type(self) -> str:
        """Return finder or standard."""
        return "finder" if self.has_finder else "standard"

    @property
    def is_deleted(self) -> bool:
        """Tell whether every account is deleted."""
        return bool(self.accounts) and not any(one.is_live for one in self.accounts)

    @property
    def is_eligible(self) -> bool:
        """Tell whether the person counts in aggregates."""
        return not (self.is_test_account or self.is_deleted)

    @property
    def signup_at(self) -> datetime | None:
        """Return when the first account was opened."""
        return min(
            (one.created_at for one in self.accounts if one.created_at), default=None
        )

    def account(self, system: str) -> Account | None:
        """Return the account in a system."""
        return next((one for one in self.accounts if one.system == system), None)
