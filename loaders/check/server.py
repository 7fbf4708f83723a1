"""A Postgres server: its version, its clock, and how the connection is kept secret."""

from collections.abc import Iterator
from datetime import UTC, datetime

from adbc_driver_manager.dbapi import Connection

from loaders.check.finding import Finding
from warehouse.postgres import hosts_elsewhere, parse_url

OLDEST_SERVER = 14
MOST_SECONDS_APART = 60
SERVER = """
    select
        current_setting('server_version_num')::int / 10000,
        current_setting('server_version'),
        getdatabaseencoding(),
        current_user,
        clock_timestamp()
"""


def check_server(
    connection: Connection, url: str, variable: str, has_clock: bool
) -> Iterator[Finding]:
    """Yield what is to be said of a server.

    Args:
        connection: An open one.
        url: That of the connection.
        variable: Where the URL is from.
        has_clock: Whether its time is ours: that of a copy is not.
    """
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute(SERVER)
        major, version, encoding, role, now = cursor.fetchone()
    yield Finding(
        variable, f"PostgreSQL {version}, encoding {encoding}, as the role {role}"
    )
    if major < OLDEST_SERVER:
        text = f"PostgreSQL {version} is too old: use {OLDEST_SERVER} or later"
        yield Finding(variable, text, is_well=False)
    apart = abs((now - before).total_seconds())
    if has_clock and apart > MOST_SECONDS_APART:
        yield Finding(
            variable,
            f"its clock and that of this machine are {apart:,.0f} seconds apart: set "
            "the wrong one by a time server, or new rows are taken for later ones",
            is_well=False,
        )
    parts = parse_url(url, variable)
    if hosts_elsewhere(parts):
        yield Finding(variable, f"encrypted (sslmode {parts['sslmode']})")
