"""Read the URL of a Postgres database, and open it without telling its password.

Whoever opens one, source or warehouse, loader, dbt or step, does so with what
`parse_url` returns.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

import adbc_driver_postgresql.dbapi
import certifi
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection
from psycopg2 import ProgrammingError
from psycopg2.extensions import make_dsn, parse_dsn

from warehouse.errors import UserError

SECONDS_TO_CONNECT = "15"
PREFIXES = ("postgresql://", "postgres://")
# Stricter than libpq, which would take a part of a password for a host, or for a port
# or a space that its error quotes.
HOST = r"(\[[^\]\s/?#@]*\]|[^:/?#@,\s]*)(:[0-9]*)?"
URL = re.compile(
    r"postgres(ql)?://"
    r"([^:/?#@\s]*(:[^:/?#@\s]*)?@)?"  # user and password
    rf"{HOST}(,{HOST})*(/[^/?#\s]*)?"  # hosts and database
    r"(\?[^?#\s]*)?"
)
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
VERIFYING = ("verify-ca", "verify-full")
UNSAFE = ("disable", "allow", "prefer")
# What libpq and servers say when a connection fails, and what it means.
REFUSALS = {
    "could not translate host name": "the host {host} is not found: mend its name",
    "Connection refused|No such file or directory": "nothing answers at {place}: start "
    "the server, or mend host and port",
    "timeout expired|timed out": "{place} does not answer: look at the network and the "
    "firewall",
    "authentication failed|no password supplied|role .* does not exist": "{place} does "
    "not let {user} in: mend the user and the password",
    "database .* does not exist": "{place} has no database {dbname}: mend its name",
    "permission denied for database": "the role {user} has no right to connect to the "
    "database {dbname}: let its owner grant CONNECT",
    "no pg_hba.conf entry": "{place} takes no connection of {user} from here: let its "
    "pg_hba.conf allow it",
    "does not match host name": "the certificate of {host} is of another host: use the "
    "name that is in it",
    "certificate": "the certificate of {host} cannot be checked: name a file with its "
    "authority by sslrootcert=/path/to/ca.pem in the URL",
    "does not support SSL": "{place} takes no TLS connection: switch TLS on there, or "
    "reach it by a tunnel to localhost",
    "too many|remaining connection slots": "{place} has no connection left: close "
    "others, or try again later",
    "starting up|shutting down|not yet accepting|recovery": "{place} is starting or "
    "stopping: try again in a minute",
}


def parse_url(url: str, variable: str) -> dict[str, str]:
    """Return what a URL says, by libpq's names: `host`, `dbname`, `user`, ...

    What it leaves open about TLS is safe: a server elsewhere has to prove who it is.

    Args:
        url: `postgresql://user:password@host/database?options`.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: it is no such URL, or would let others read on; the line quotes no
            password.
    """
    if not url.startswith(PREFIXES):
        raise UserError(
            f"{variable} names no Postgres database: use "
            "postgresql://user:password@host/database, without a driver's name in it"
        )
    parts = None
    if URL.fullmatch(url) and url.isprintable() and not BAD_ESCAPE.search(url):
        with suppress(ProgrammingError):
            parts = parse_dsn(url)
    if parts is None:
        raise UserError(
            f"{variable} is not a DSN like postgresql://user:password@host/database: "
            "percent-encode the special characters of its password, and give it no "
            "option that libpq does not know"
        )
    if "service" in parts:
        raise UserError(
            f"{variable}: a service of libpq is read by some tools only: write its "
            "host, user and database into the URL"
        )
    timeout = os.environ.get("PGCONNECT_TIMEOUT") or SECONDS_TO_CONNECT
    return {"connect_timeout": timeout, **parts, **_tls(parts, variable)}


def connect_postgres(parts: dict[str, str], variable: str) -> Connection:
    """Open a database.

    Args:
        parts: what `parse_url` returned.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: the server does not let us in.
    """
    try:
        return adbc_driver_postgresql.dbapi.connect(make_dsn(**parts))
    except Error as error:
        raise refusal(error, parts, variable) from None


def refusal(error: Exception, parts: dict[str, str], variable: str) -> UserError:
    """Return in words of ours why a database does not open."""
    host = parts.get("host") or os.environ.get("PGHOST") or "localhost"
    names = {
        "host": host,
        "place": f"{host}:{parts.get('port') or os.environ.get('PGPORT') or 5432}",
        "user": parts.get("user", "the user of this system"),
        "dbname": parts.get("dbname") or parts.get("user", ""),
    }
    for sign, meaning in REFUSALS.items():
        if re.search(sign, str(error)):
            return UserError(f"{variable}: {meaning.format(**names)}")
    return UserError(
        f"{variable}: the database does not open: see whether the server at "
        f"{names['place']} runs, and what its log says"
    )


def hosts_elsewhere(parts: dict[str, str]) -> list[str]:
    """Return the hosts of a URL that are not this machine."""
    hosts = ",".join(
        parts.get(name) or os.environ.get(f"PG{name.upper()}", "")
        for name in ("host", "hostaddr")
    )
    return [
        host
        for host in hosts.split(",")
        if host and not host.startswith(("/", "@")) and host not in LOCAL_HOSTS
    ]


def _tls(parts: dict[str, str], variable: str) -> dict[str, str]:
    """Return the options of TLS, for a server that is not on this machine."""
    elsewhere = hosts_elsewhere(parts)
    if not elsewhere:
        return {}
    mode = parts.get("sslmode") or os.environ.get("PGSSLMODE") or "verify-full"
    if mode in UNSAFE:
        raise UserError(
            f"{variable}: with sslmode={mode} others can read the connection to "
            f"{elsewhere[0]}: take it out, for verify-full"
        )
    authorities = parts.get("sslrootcert") or os.environ.get("PGSSLROOTCERT")
    own_authorities = Path.home() / ".postgresql" / "root.crt"
    if mode in VERIFYING and not authorities and not own_authorities.exists():
        authorities = certifi.where()
    return {"sslmode": mode} | ({"sslrootcert": authorities} if authorities else {})
