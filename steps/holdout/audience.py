"""The files of people: who is meant to get a push, and who is sent it."""

import uuid
from collections import Counter
from pathlib import Path

from warehouse.errors import UserError, one_line


def read_audience(path: Path) -> list[str]:
    """Read the app's user ids, one a line.

    Raises:
        UserError: the file cannot be read, is empty, or has a line that is no id or
            there twice; it names the line, never the id.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {one_line(error)}") from error
    ids = [
        _user_id(line.strip(), f"{path}: line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not ids:
        raise UserError(f"{path} is empty: it needs the app's user ids, one a line")
    twice = sum(times > 1 for times in Counter(ids).values())
    if twice:
        raise UserError(
            f"{path} has {twice:,} of its user ids more than once: leave each in once, "
            f"such as by `sort -u {path}`"
        )
    return ids


def _user_id(text: str, place: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise UserError(
            f"{place} is no user id of the app (a UUID): write one a line, without a "
            "header and other columns"
        ) from None


def recipients_path(audience: Path) -> Path:
    """Return where those who are to be sent the push are written."""
    return audience.with_name(f"{audience.stem}.recipients{audience.suffix}")
