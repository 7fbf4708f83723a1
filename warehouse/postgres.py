"""Open a Postgres database without ever telling its password."""

import os
import re
from contextlib import suppress

import adbc_driver_postgresql.dbapi
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection
from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

from warehouse.errors import UserError, one_line

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


def parse_url(url: str, variable: str) -> dict[str, str]:
    """Return what a URL says, by libpq's names: `host`, `dbname`, `user`, ...

    Args:
        url: `postgresql://user:password@host/database?options`.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: it is no such URL; the line quotes none of it.
    """
    if not url.startswith(PREFIXES):
        raise UserError(
            f"{variable} names no Postgres database: use "
            "postgresql://user:password@host/database, without a driver's name in it"
        )
    if URL.fullmatch(url) and url.isprintable() and not BAD_ESCAPE.search(url):
        with suppress(ProgrammingError):
            return parse_dsn(url)
    raise UserError(
        f"{variable} is not a DSN like postgresql://user:password@host/database: "
        "percent-encode the special characters of its password, and give it no "
        "option that libpq does not know"
    )


def connect_postgres(url: str, variable: str) -> Connection:
    """Open a database.

    Args:
        url: `postgresql://user:password@host/database?options`, as libpq reads it.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: the DSN is malformed, or the server does not let us in.
    """
    parse_url(url, variable)
    os.environ.setdefault("PGCONNECT_TIMEOUT", SECONDS_TO_CONNECT)
    try:
        return adbc_driver_postgresql.dbapi.connect(url)
    except Error as error:
        raise UserError(
            f"{variable}: the database does not open: {one_line(error)}; check that "
            "the server runs and that the DSN is right"
        ) from None
