"""One read-only snapshot of a Postgres source, in which a table can fail alone."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection, Cursor

from warehouse.errors import UnreadableError, UserError
from warehouse.postgres import connect_postgres, parse_url

LOCK_TIMEOUT = "15s"
STATEMENT_TIMEOUT = "1h"
MEANINGS = {
    "SQLSTATE: 42501": "row-level security hides rows of it, or a right is missing: "
    "give its user BYPASSRLS, or a policy that shows every row",
    "SQLSTATE: 55P03": f"it was locked for {LOCK_TIMEOUT}, as by a migration that is "
    "not committed: load again when that is over",
    "statement timeout": f"it took longer than {STATEMENT_TIMEOUT}",
}


@dataclass(frozen=True)
class Snapshot:
    """A source as of one moment.

    Attributes:
        variable: the environment variable that names it.
        role: who reads it.
        codec: what Python calls the encoding of its texts; None: they come as UTF-8.
    """

    connection: Connection
    variable: str
    role: str
    codec: str | None = None

    def text(self, expression: str) -> str:
        """Return SQL for a text: as it is stored, if it is to be decoded here."""
        if not self.codec:
            return expression
        return f"convert_to({expression}, getdatabaseencoding())"

    def decoded(self, name: str | bytes) -> str:
        """Return the name of a column, which was read as `text`."""
        return name.decode(self.codec, "replace") if self.codec else name

    @contextmanager
    def reading(self, table: str) -> Iterator[Cursor]:
        """Give a cursor that reads a table, and let go of its lock afterwards.

        The database's own message may quote a row, so it is not told.

        Raises:
            UnreadableError: reading the table failed; others can be read.
            UserError: the server ended the connection.
        """
        with self.connection.cursor() as cursor:
            self._run(cursor, "savepoint reading")
            try:
                yield cursor
            except (Error, pa.ArrowException, OSError) as error:
                self._run(cursor, "rollback to savepoint reading")
                told = [MEANINGS[sign] for sign in MEANINGS if sign in str(error)]
                meaning = (*told, "the database fails to give it; its log says why")[0]
                raise UnreadableError(
                    f"{self.variable}: {table} cannot be read: {meaning}"
                ) from None
            self._run(cursor, "rollback to savepoint reading")

    def _run(self, cursor: Cursor, statement: str) -> None:
        try:
            cursor.execute(statement)
        except Error:
            raise UserError(
                f"{self.variable}: the server ended the connection: load again"
            ) from None


@contextmanager
def open_snapshot(url: str, variable: str) -> Iterator[Snapshot]:
    """Open a source in one read-only, repeatable-read transaction.

    Args:
        url: its DSN, as libpq reads it.
        variable: the environment variable it came from, for the error.

    Raises:
        UserError: it does not answer or refuses the login.
    """
    with (
        connect_postgres(parse_url(url, variable), variable) as connection,
        connection.cursor() as cursor,
    ):
        # The driver's own transactions end with the first error.
        connection.adbc_connection.set_autocommit(True)
        cursor.execute("begin transaction isolation level repeatable read, read only")
        cursor.execute("set local timezone = 'UTC'")
        cursor.execute("set local client_encoding = 'UTF8'")
        cursor.execute("set local row_security = off")  # raise, and hide no row
        cursor.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(f"set local statement_timeout = '{STATEMENT_TIMEOUT}'")
        # The snapshot idles while another table lands.
        cursor.execute("set local idle_in_transaction_session_timeout = 0")
        cursor.execute("select getdatabaseencoding(), current_user")
        encoding, role = cursor.fetchone()
        yield Snapshot(connection, variable, role, _codec(encoding))


def _codec(encoding: str) -> str | None:
    if encoding == "SQL_ASCII":  # any, unchecked: mostly UTF-8
        return "utf-8"
    with suppress(LookupError):
        name = encoding.replace("WIN", "cp").replace("KOI8", "koi8_")
        return None if encoding == "UTF8" else codecs.lookup(name).name
    return None
