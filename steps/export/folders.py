"""The folder of the exports, in which a version is either whole or not there."""

import filecmp
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from steps.export.files import ABOUT_FOLDER, CSV, CSV_FOLDER
from warehouse.errors import UserError
from warehouse.files import sync
from warehouse.lock import locked

UNFINISHED = ".unfinished"
MANIFEST = f"{ABOUT_FOLDER}/manifest.json"
# another version of PyArrow may write the same rows as another Parquet file
ROWS = f"{CSV_FOLDER}/split=*/{CSV}"
ALL = "**/*.*"
NEW, UNCHANGED, OTHER_FILES_DIFFER = "new", "unchanged", "same rows"


@contextmanager
def only_export(folder: Path) -> Iterator[Path]:
    """Hold a folder while it is exported to, and remove what a killed run left.

    Yields:
        A folder in it for files that are not finished.

    Raises:
        UserError: another export holds it, or it cannot be written.
    """
    unfinished = folder / UNFINISHED
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}") from error
    with locked(folder, "export"):
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            yield unfinished
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def publish(finished: Path, target: Path) -> str:
    """Give a finished folder its name, unless it is there with the same rows.

    Returns:
        What became of it: NEW, UNCHANGED, or OTHER_FILES_DIFFER.

    Raises:
        UserError: the version is there with other rows, or lacks a file.
    """
    if target.exists():
        return _compared(finished, target)
    for path in [*finished.rglob("*"), finished]:
        sync(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    finished.replace(target)
    for path in target.parents[:2]:
        sync(path)
    return NEW


def _compared(finished: Path, target: Path) -> str:
    missing = sorted(_files(finished) - _files(target))
    if missing:
        raise UserError(
            f"{target} is not whole, it lacks {', '.join(missing)}: put back what is "
            "missing, or delete that folder and export again"
        )
    if _different(finished, target, ROWS) or _columns(finished) != _columns(target):
        raise UserError(
            f"{target} is there with other rows and stays as it is: mostly newer data "
            "of the same day or another --k; export again tomorrow, or delete "
            "that folder if nobody uses it; if the model changed, raise the version in "
            "seeds/ai_datasets.csv and run `dbt build`"
        )
    return OTHER_FILES_DIFFER if _different(finished, target, ALL) else UNCHANGED


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.glob(ALL)}


def _different(finished: Path, target: Path, pattern: str) -> list[str]:
    """Return which files are not the same in the other folder."""
    names = [str(path.relative_to(finished)) for path in finished.glob(pattern)]
    _, different, missing = filecmp.cmpfiles(finished, target, names, shallow=False)
    return different + missing


def _columns(folder: Path) -> list[dict[str, Any]] | None:
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        return json.loads(text)["columns"]
    except (OSError, ValueError, KeyError):
        return None
