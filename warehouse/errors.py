"""Errors that are meant for the user, and what may be told of the others."""

import re
import traceback

import adbc_driver_manager
import duckdb
import psycopg2

ENGINE_ERRORS = (adbc_driver_manager.Error, duckdb.Error, psycopg2.Error)
# Their messages tell of disks, memory and connections. What other errors say may quote
# a row, so that is never told.
SAFE_MESSAGES = (
    OSError,
    adbc_driver_manager.OperationalError,
    duckdb.OperationalError,
    psycopg2.OperationalError,
)
# What the engines say of a value, as their drivers pass it on.
OF_A_VALUE = re.compile(
    r"(Conversion|Invalid Input|Out of Range|Constraint) Error|SQLSTATE: 2[23]"
)
# Behind this stands what an engine says, before it the driver's words and the query.
SAID = re.compile(r"(?:ERROR|FATAL|PANIC|[A-Z][A-Za-z ]* Error): +(.+)")
# What has nothing to do with what was asked, and how to mend it.
FAULTS = {
    r"server closed the connection|terminating connection|connection to the server"
    r"|connection (has been|already) closed|SQLSTATE: (08|57P)": (
        "the server ended the connection: run it again when the server runs"
    ),
    r"No space left|could not extend file|disk full|SQLSTATE: 53100": (
        "the disk is full: make room and run it again"
    ),
    r"[Oo]ut of [Mm]emory": (
        "the memory does not suffice: raise WAREHOUSE_MEMORY, or close what else "
        "needs it"
    ),
    r"statement timeout": (
        "the statement_timeout of the role ends its queries: raise it"
    ),
    r"lock timeout|Could not set lock|deadlock detected": (
        "another session holds what it needs: run it again when that is over"
    ),
    r"not a valid DuckDB database": (
        "it is no DuckDB file: name another, or move it away"
    ),
    r"[Cc]orrupt|checksum": (
        "the file is damaged: restore a copy, or move it away and load again"
    ),
    r"newer version|version number": (
        "a newer DuckDB wrote it: update this project, then run `make setup`"
    ),
    r"Permission denied|Read-only file system": (
        "this user of the system has no right to it: let the owner of the file and its "
        "folder grant that"
    ),
}

# The same of Spark, which is a cluster and has an address.
SPARK_FAULTS = {
    r"OutOfMemory|[Oo]ut of memory|Java heap space|GC overhead|ACQUIRE_MEMORY"
    r"|ExecutorLost|[Ee]xit(ed with)? code 1(37|43)|maxResultSize": "the memory of the "
    "cluster does not suffice: give its executors and its driver more "
    "(spark.executor.memory, spark.driver.memory)",
    r"No space left": "a disk of the cluster is full: make room and run it again",
    r"UNAUTHENTICATED|[Ii]nvalid (authentication )?token": "the server refuses the "
    "token: mend token=... in it",
    r"DATA_SOURCE_NOT_FOUND.*: (delta|iceberg)": "SPARK_TABLE_FORMAT names a format "
    "that the cluster lacks: add its package there (spark.jars.packages), or use "
    "parquet",
    r"PERMISSION_DENIED|INSUFFICIENT_PERMISSIONS|AccessControlException"
    r"|Access ?Denied|Permission denied|Read-only file system": "its user has no right "
    "to that: let the owner of the catalogue and of its files grant it",
    r"UNAVAILABLE|RETRIES_EXCEEDED|INVALID_HANDLE|SESSION_(CLOSED|CHANGED)|SESSION_NOT_FOUND"
    r"|SparkContext was shut down|no active SparkContext": "the server ended the "
    "session: run it again when the server runs",
    r"UNIMPLEMENTED": "what answers there is no Spark Connect server: mend its port",
}
# What these classes of SQLSTATE say of is a query, a table or a setting: no value.
SPARK_TELLS = ("42", "0A", "56", "46")
SPARK_NAMES = re.compile(r"^\s*(\([\w.]+\) )?\[[A-Z_.0-9]+\] ?|\s*SQLSTATE:.*$")

# Names of objects, never values.
DENIED = re.compile(r"permission denied for [^\n.]*|must be owner of [^\n.]*")
GRANTED = "let its owner grant that right, as `make roles` does"


class UserError(Exception):
    """A mistake the user can mend: one line that says what, where and how."""


class UnreadableError(UserError):
    """One table cannot be read now; the others of its source can."""


class WithheldError(UnreadableError):
    """A table lacks what it had: a mistake, or meant, which a person has to say."""


def one_line(error: BaseException) -> str:
    """Return what an error says in one line, or its type if it tells no more.

    Of an engine that is its primary message: no query, no detail and no value.
    """
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    if isinstance(error, ENGINE_ERRORS):
        state = getattr(error, "pgcode", None)
        if OF_A_VALUE.search(f"{error} SQLSTATE: {state}"):
            return "a value does not fit"
        if said := SAID.search(str(error)):
            return said[1].rstrip(".!")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return lines[0]


def explained(error: BaseException, remedy: str) -> str:
    """Return what an error says and how to mend it, in one line.

    Args:
        error: Of an engine or the system.
        remedy: What mends it, if it is not a fault that has nothing to do with us.
    """
    for sign, fault in FAULTS.items():
        if re.search(sign, f"{error} SQLSTATE: {getattr(error, 'pgcode', None)}"):
            return fault
    return f"{one_line(error)}; {remedy}"


def spark_failure(said: str, state: str, name: str) -> Exception:
    """Return what fails on Spark, as the drivers of the other engines raise it.

    Args:
        said: All that Spark says, which may quote rows.
        state: Its SQLSTATE, if it has one.
        name: What Spark calls it.
    """
    for sign, meaning in SPARK_FAULTS.items():
        if re.search(sign, said):
            return UserError(f"WAREHOUSE_URL: {meaning}")
    first, *_ = said.strip().splitlines() or [""]
    told = SPARK_NAMES.sub("", first).rstrip(".;")
    if not state.startswith(SPARK_TELLS):
        told = "it fails on Spark"
    return adbc_driver_manager.ProgrammingError(
        f"ERROR: {told} ({name})\nSQLSTATE: {state}",
        status_code=adbc_driver_manager.AdbcStatusCode.INTERNAL,
    )


def root_cause(
    source: str, error: BaseException, role: str = "of WAREHOUSE_URL"
) -> str:
    """Return what lies below all wrappers of an error, or what was meant to be told."""
    *_, cause = causes(error)
    if isinstance(cause, UserError):
        return str(cause)
    if denied := DENIED.search(str(cause)):
        return f"{source}: the role {role} has no right to load: {denied[0]}; {GRANTED}"
    told, remedy = type(cause).__name__, "run with --debug for the stack trace"
    if isinstance(cause, SAFE_MESSAGES):
        return f"{source}: {explained(cause, remedy)}"
    return f"{source}: {told} ({remedy})"


def stack_trace(error: BaseException) -> str:
    """Return where an error and its causes were raised, without what they say."""
    return "".join(
        f"{type(cause).__name__}\n{''.join(traceback.format_tb(cause.__traceback__))}"
        for cause in causes(error)
    )


def causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it was raised from, down to what was meant for users."""
    found = [error]
    while not isinstance(error, UserError):
        context = None if error.__suppress_context__ else error.__context__
        cause = error.__cause__ or context
        # What a generator raised has a StopIteration below, which tells nothing.
        if cause is None or isinstance(cause, StopIteration):
            break
        error = cause
        found.append(error)
    return found
