"""Files that are there whole or not at all, and seeds that are read without dbt."""

import csv
import os
import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from pyarrow import ArrowException
from pyarrow.fs import FileSystem, LocalFileSystem

from warehouse.errors import UserError, explained


def read_seed(path: Path, columns: Collection[str]) -> list[dict[str, str]]:
    """Return the rows of a seed.

    Args:
        path: Of the file.
        columns: Those that it has to have; others are left as they are.

    Raises:
        UserError: it cannot be read, or lacks one of them.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        told = explained(error, "save it as CSV in UTF-8")
        raise UserError(f"{path} cannot be read: {told}") from error
    if any(row.get(column) is None for row in rows for column in columns):
        raise UserError(
            f"the seed {path.name} has a line that lacks one of the columns "
            f"{', '.join(columns)}: mend it"
        )
    return rows


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Replace a file at once: a killed run leaves the old one, never half of it.

    Raises:
        UserError: it cannot be written; then nothing of it stays, either.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from error


def open_folder(location: str, variable: str) -> tuple[FileSystem, str]:
    """Return the file system and the path of a folder or a bucket.

    Args:
        location: A path, or a URL such as s3://bucket/folder.
        variable: The setting that names it.

    Raises:
        UserError: such a URL cannot be opened.
    """
    # One slash too few makes no path of a URL: a path is told, a URL may hold a secret.
    if not re.match(r"[a-z][a-z0-9+.-]+:", location):
        return LocalFileSystem(), str(Path(location).absolute())
    try:
        filesystem, root = FileSystem.from_uri(location)
        return filesystem, root.rstrip("/")
    except (OSError, ArrowException) as error:
        kind = type(error).__name__
    # Raised out here it does not drag the original along, which may quote a secret.
    raise UserError(
        f"{variable}: this URL cannot be opened ({kind}); it should be a path, or like "
        "s3://bucket/folder"
    )


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_databases(*paths: Path) -> None:
    """Remove DuckDB files, with what DuckDB keeps beside them."""
    for path in paths:
        path.unlink(missing_ok=True)
        Path(f"{path}.wal").unlink(missing_ok=True)
        shutil.rmtree(f"{path}.tmp", ignore_errors=True)
