"""The files of a folder, of which each line is read once.

A file is known by its first line, whatever it is called: one that is rotated, copied or
compressed is the same. What is written to its end is read the next time, and so is a
last line that is only half there. One that has lost what was read is read anew.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import BinaryIO

from warehouse.errors import UserError

A_DAY = 86_400
GZIP = b"\x1f\x8b"
LONGEST_LINE = 16 * 2**20  # bytes; a collector writes some megabytes at a time


@dataclass(frozen=True)
class Place:
    """How far a file was read: where its last line begins, and a hash of that line."""

    start: int
    last_line: str


@dataclass(frozen=True)
class Line:
    """A line that was not read before."""

    text: bytes
    file_id: str
    start: int

    @property
    def place(self) -> Place:
        """How far its file is read with it."""
        return Place(self.start, _hash(self.text))


def files_of(folder: Path, place: str) -> list[Path]:
    """Return the files of a folder, the oldest first, as a rotation leaves them.

    Args:
        folder: Where they are.
        place: What the folder is called in an error.

    Raises:
        UserError: the folder cannot be read.
    """
    files = []
    try:
        for path in folder.iterdir():
            if path.is_file() and not path.name.startswith("."):
                with suppress(
                    FileNotFoundError
                ):  # it was renamed since, as in a rotation
                    files.append((path.stat().st_mtime_ns, path.name, path))
        return [path for _, _, path in sorted(files)]
    except OSError as error:
        raise UserError(
            f"{place}: {folder} is not a folder that can be read "
            f"({error.strerror}): create it or mend its rights"
        ) from None


def new_lines(path: Path, places: Mapping[str, Place]) -> Iterator[Line]:
    """Yield the lines of a file that were not read before.

    Raises:
        UserError: it cannot be read, or not from here on.
    """
    try:
        with path.open("rb") as raw:
            is_compressed = raw.read(len(GZIP)) == GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if is_compressed else raw
            yield from _new_lines(file, places)
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, EOFError) and time() - path.stat().st_mtime < A_DAY:
            return  # it is still being compressed
        told = getattr(error, "strerror", None) or "it is no whole gzip file"
        raise UserError(
            f"a file cannot be read ({told}): mend it or its rights, or take it out "
            "of the folder"
        ) from None


def _new_lines(file: BinaryIO, places: Mapping[str, Place]) -> Iterator[Line]:
    first = _line(file)
    if not _is_whole(first):
        return
    file_id = _hash(first)
    place = places.get(file_id)
    position = 0
    if place:
        file.seek(place.start)
        last = _line(file)
        if _hash(last) == place.last_line:
            position = place.start + len(last)
    file.seek(position)
    while _is_whole(text := _line(file)):
        yield Line(text, file_id, position)
        position += len(text)


def _line(file: BinaryIO) -> bytes:
    """Return the next line, or what there is of it; nothing at the end."""
    text = file.readline(LONGEST_LINE)
    if len(text) == LONGEST_LINE and not text.endswith(b"\n"):
        raise UserError(
            f"a file has a line of more than {LONGEST_LINE / 2**20:.0f} MB, with which "
            "reading ends: take it out"
        )
    return text


def _hash(line: bytes) -> str:
    return hashlib.md5(line.strip(), usedforsecurity=False).hexdigest()


def _is_whole(text: bytes) -> bool:
    """Tell whether a line has its end, or is the last of a file that has none."""
    if text.endswith(b"\n"):
        return True
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
