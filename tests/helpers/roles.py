"""The roles of a warehouse on Postgres, and a login user for each."""

from tests.conftest import execute
from warehouse.roles import apply_roles

GROUPS = ("loader", "transformer", "publisher", "bi_reader", "training_reader")


def as_user(url: str, user: str) -> str:
    """Return the URL of another user, who needs no password on the tests' server."""
    return f"postgresql://{user}:@{url.partition('@')[2]}"


def database_of(url: str) -> str:
    """Return the name of a database."""
    return url.partition("?")[0].rpartition("/")[2]


def user_of(url: str, group: str) -> str:
    """Return the member of a role; users belong to the server, not to a database."""
    return f"{group}_{database_of(url)}"


def as_member(url: str, group: str) -> str:
    """Return the URL of the member of a role."""
    return as_user(url, user_of(url, group))


def make_roles(url: str) -> None:
    """Make the roles as the user of a URL, and a member of each."""
    apply_roles(url)
    for group in GROUPS:
        execute(url, f"create role {user_of(url, group)} login in role {group}")
    apply_roles(url)
