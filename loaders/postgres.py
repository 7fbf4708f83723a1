"""Open a Postgres database without ever telling its password."""

import os
import re

import adbc_driver_postgresql.dbapi
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection

from loaders.errors import UserError, one_line

SECONDS_TO_CONNECT = "15"
DSN = re.compile(
    r"postgres(ql)?://"
    r"([^\s:/?#@]*(:[^\s:/?#@]*)?@)?"  # user and password
    r"[^\s/?#@]*(/[^\s/?#]*)?"  # hosts and database
    r"(\?\S*)?"
)
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def connect_postgres(url: str, variable: str) -> Connection:
    """Open a database.

    Args:
        url: `postgresql://user:password@host/database?options`, as libpq reads it.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: the DSN is malformed, or the server does not let us in.
    """
    # libpq would quote a part of a malformed DSN, which can be the password's.
    if not DSN.fullmatch(url) or BAD_ESCAPE.search(url):
        raise UserError(
            f"{variable} is not a DSN like postgresql://user:password@host/database: "
            "percent-encode the special characters of its password"
        )
    os.environ.setdefault("PGCONNECT_TIMEOUT", SECONDS_TO_CONNECT)
    try:
        return adbc_driver_postgresql.dbapi.connect(url)
    except Error as error:
        raise UserError(
            f"{variable}: the database does not open: {one_line(error)}; check that "
            "the server runs and that the DSN is right"
        ) from None
