"""Errors that are meant for the user."""


class UserError(Exception):
    """A mistake the user can mend: one line that says what, where and how."""


def one_line(error: BaseException) -> str:
    """Return the first line of an error's message, or its type if it has none."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
