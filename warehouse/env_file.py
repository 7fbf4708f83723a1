"""The file `.env`, read whole or not at all."""

from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from warehouse.errors import UserError, explained


def read_env_file(path: Path) -> dict[str, str | None]:
    """Read the lines of `.env`, if it is there.

    Raises:
        UserError: it cannot be read; half of it would be worse than none.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        told = explained(error, "save it as UTF-8")
        raise UserError(f"{path} cannot be read: {told}") from error
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            raise UserError(
                f"{path}: line {binding.original.line} is not NAME=value; mend it, and "
                "look for a quote that is not closed"
            )
    return dotenv_values(stream=StringIO(text), interpolate=False)
