"""Errors that are meant for the user, and what may be told of the others."""

import re
import traceback

import adbc_driver_manager
import duckdb
import psycopg2

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

# Names of objects, never values.
DENIED = re.compile(r"permission denied for [^\n.]*|must be owner of [^\n.]*")


class UserError(Exception):
    """A mistake the user can mend: one line that says what, where and how."""


class UnreadableError(UserError):
    """One table cannot be read now; the others of its source can."""


class WithheldError(UnreadableError):
    """A table lacks what it had: a mistake, or meant, which a person has to say."""


def one_line(error: BaseException) -> str:
    """Return the first line of an error's message, or its type if it tells no more."""
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    return "a value does not fit" if OF_A_VALUE.search(str(error)) else lines[0]


def root_cause(source: str, error: BaseException) -> str:
    """Return what lies below all wrappers of an error, or what was meant to be told."""
    *_, cause = causes(error)
    if isinstance(cause, UserError):
        return str(cause)
    if denied := DENIED.search(str(cause)):
        return (
            f"{source}: the role of WAREHOUSE_URL has no right to load: {denied[0]}; "
            "let the owner grant that right"
        )
    kind = type(cause).__name__
    told = f"{kind}: {one_line(cause)}" if isinstance(cause, SAFE_MESSAGES) else kind
    return f"{source}: {told} (run with --debug for the stack trace)"


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
