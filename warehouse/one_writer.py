"""One writer at a time: load, build, lift and publish exclude each other.

The lock belongs to a warehouse, wherever its writers were started. The system frees it
with the process on DuckDB and, in the folder of the lake, on Spark; the server with the
connection on Postgres.
"""

import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select
from threading import Event, Thread
from typing import NoReturn

import psycopg2
from psycopg2.extensions import connection as PostgresConnection

from warehouse.connection import duckdb_path, is_duckdb, is_spark, postgres_parts
from warehouse.errors import UserError
from warehouse.lock import HeldError, locked
from warehouse.postgres import refusal
from warehouse.spark import lock_folder, sessions_of_writer

# A command that holds the lock gives its children the token in this variable.
TOKEN = "ONE_WRITER_TOKEN"  # noqa: S105 - the name of a variable
LOCK = 7023919  # any number, as long as every writer takes the same
HOLDER = f"""
    select application_name
    from pg_locks
    inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and objid = {LOCK} and granted
        and pg_locks.database
        = (select oid from pg_database where datname = current_database())
"""  # noqa: S608 - our own number
LONGEST_NAME = 63  # of an application, in Postgres
SECONDS_BETWEEN_SIGNS = 10
SECONDS_BETWEEN_LOOKS = 0.5
MILLISECONDS_WITHOUT_SIGN = 30_000


@dataclass(frozen=True)
class Writer:
    """Who holds the lock, as the others read it."""

    token: str
    since: str
    process: str
    command: str

    @classmethod
    def of_this_process(cls, command: str) -> "Writer":
        """Return this process, which runs a command from now on."""
        return cls(
            secrets.token_hex(6),
            f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}",
            str(os.getpid()),
            f"{command} on {socket.gethostname()}",
        )

    def __str__(self) -> str:
        """Return one line of a length that Postgres keeps."""
        line = f"{self.token} {self.since} {self.process} {self.command}"
        return line.encode("ascii", "replace").decode()[:LONGEST_NAME]

    @classmethod
    def parse(cls, line: str) -> "Writer":
        """Return who wrote a line; unknown parts of a line that is none."""
        parts = line.strip().split(" ", 3)
        return cls(*parts) if len(parts) == 4 else cls("", "?", "?", "another command")  # noqa: PLR2004


@contextmanager
def one_writer(warehouse_url: str, command: str) -> Iterator[str]:
    """Hold the lock of a warehouse, unless the caller of this command does.

    Args:
        warehouse_url: Of the warehouse that will be written.
        command: What the others are told.

    Yields:
        The token that lets commands of this one pass, as ONE_WRITER_TOKEN.

    Raises:
        UserError: another command holds it.
    """
    writer = Writer.of_this_process(command)
    is_file = is_duckdb(warehouse_url) or is_spark(warehouse_url)
    take = _take_file if is_file else _take_postgres
    with ExitStack() as stack:
        holder = take(warehouse_url, writer, stack)
        if holder and holder.token != os.environ.get(TOKEN, "none"):
            raise UserError(
                f"the warehouse is in use: {holder.command}, process "
                f"{holder.process}, since {holder.since}: wait until it ends"
            )
        if holder:
            stack.callback(_ended_with_parent())
        if is_spark(warehouse_url):
            stack.enter_context(sessions_of_writer(warehouse_url, not holder))
        yield holder.token if holder else writer.token


def _take_file(url: str, writer: Writer, stack: ExitStack) -> Writer | None:
    """Take the lock until the stack unwinds; return who has it instead."""
    path = (
        lock_folder() / "warehouse.lock"
        if is_spark(url)
        else Path(f"{duckdb_path(url).resolve()}.lock")
    )
    try:
        descriptor = stack.enter_context(locked(path))
    except HeldError:
        return Writer.parse(path.read_text(encoding="utf-8", errors="replace"))
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{writer}\n".encode(), 0)
    return None


def _take_postgres(url: str, writer: Writer, stack: ExitStack) -> Writer | None:
    """Take the lock until the stack unwinds; return who has it instead."""
    parts = postgres_parts(url)
    try:
        connection = psycopg2.connect(
            **parts,
            application_name=str(writer),
            tcp_user_timeout=MILLISECONDS_WITHOUT_SIGN,
        )
    except psycopg2.OperationalError as error:
        raise refusal(error, parts, "WAREHOUSE_URL") from None
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_try_advisory_lock({LOCK})")
        if cursor.fetchone() == (True,):
            stack.callback(_watched(connection))
            return None
        cursor.execute(HOLDER)
        (name,) = cursor.fetchone() or ("",)
    connection.close()
    return Writer.parse(name)


def _watched(connection: PostgresConnection) -> Callable[[], None]:
    """Watch over a connection from now on; return what frees its lock."""
    is_over = Event()
    Thread(target=_watch, args=(connection, is_over), daemon=True).start()

    def free() -> None:
        is_over.set()
        with suppress(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute(f"select pg_advisory_unlock({LOCK})")

    return free


def _watch(connection: PostgresConnection, is_over: Event) -> None:
    """End the process at once if the lock is lost: another writer may hold it.

    Whatever is killed can be repeated.
    """
    while True:
        select([connection], [], [], SECONDS_BETWEEN_SIGNS)  # a server's end shows
        if is_over.is_set():
            connection.close()
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except psycopg2.Error:
            _end("the warehouse closed the connection that holds the lock")


def _ended_with_parent() -> Callable[[], None]:
    """Let this process end when its parent does, whose lock it uses; return a stop."""
    is_over, parent = Event(), os.getppid()

    def watch() -> None:
        while not is_over.wait(SECONDS_BETWEEN_LOOKS):
            if os.getppid() != parent:
                _end("the command that holds the lock of the warehouse is gone")

    Thread(target=watch, daemon=True).start()
    return is_over.set


def _end(reason: str) -> NoReturn:
    """End the process from any thread, at once: another writer may begin."""
    sys.stderr.write(f"error: {reason}: run it again\n")
    sys.stderr.flush()
    os._exit(1)
