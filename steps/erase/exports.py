"""The versions of exports that hold a person: listed, and written anew without."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from steps.erase.rebuild import run_stage
from steps.export.__main__ import CONSUMER, FOLDER
from steps.export.columns import USER_KEY
from steps.export.files import PARQUET
from steps.export.pseudonyms import consumer_key, pseudonyms
from steps.export.to_destroy import LIST, listed
from steps.night.stages import EXPORT
from warehouse.files import write_whole
from warehouse.settings import Settings

PATH = FOLDER / LIST
HEADING = """\
# Versions to destroy

Each has rows of a person who has been erased since. Destroy the folder and every copy
that was given away, and consider what was trained on it. Leave the lines here: no later
version gets a name that is listed.

| version | consumer | listed on |
|---|---|---|
"""
OF_CONSUMER = re.compile(r"consumer=(.+)")


@dataclass(frozen=True)
class ExportedVersion:
    """A version of a dataset, as it was written."""

    folder: Path

    @property
    def consumer(self) -> str:
        """For whom it was written."""
        found = OF_CONSUMER.fullmatch(self.folder.relative_to(FOLDER).parts[0])
        return found[1] if found else CONSUMER

    def holds(self, names: pa.Array) -> bool:
        """Tell whether it has rows of somebody, by the consumer's names for them."""
        return any(
            _has_any(file, names) for file in self.folder.glob(f"split=*/{PARQUET}")
        )


def versions_with(
    origins: set[tuple[str, str]], settings: Settings, user_keys: Iterable[str]
) -> list[ExportedVersion]:
    """Return the versions that hold a person, by the pseudonym of their consumer.

    Args:
        origins: What `read_origins` returns of the warehouse.
        settings: Those that have the key of its ids.
        user_keys: The person's.
    """
    keys = pa.array(sorted(user_keys), pa.string())
    found = []
    for folder in sorted(FOLDER.glob("**/version=*")):
        version = ExportedVersion(folder)
        key = consumer_key(origins, settings, version.consumer)
        if len(keys) and version.holds(pseudonyms(keys, key)):
            found.append(version)
    return found


def list_to_destroy(versions: Iterable[ExportedVersion]) -> int:
    """Add versions to the list of those to destroy; return how many are new there.

    Raises:
        UserError: it cannot be written.
    """
    before = listed(FOLDER)
    new = [one for one in versions if one.folder not in before]
    if new:
        text = PATH.read_text(encoding="utf-8") if PATH.exists() else HEADING
        day = datetime.now(UTC).date().isoformat()
        lines = [
            f"| {one.folder.relative_to(FOLDER)} | {one.consumer} | {day} |\n"
            for one in new
        ]
        write_whole(PATH, [text, *lines])
    return len(new)


def export_again(token: str, allowed: Iterable[str]) -> None:
    """Export for each consumer who has a version that is to be destroyed.

    Raises:
        UserError: that fails.
    """
    for consumer in sorted({ExportedVersion(one).consumer for one in listed(FOLDER)}):
        allowing = [f"--allow={name}" for name in allowed]
        run_stage(EXPORT, token, [f"--consumer={consumer}", *allowing])


def _has_any(file: Path, names: pa.Array) -> bool:
    if USER_KEY not in pq.read_schema(file).names:
        return False
    column = pq.read_table(file, columns=[USER_KEY])[USER_KEY]
    return bool(pc.any(pc.is_in(column, value_set=names)).as_py())
