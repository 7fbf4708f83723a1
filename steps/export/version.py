"""A version of a dataset, as its documents describe it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from steps.export.catalogue import Dataset
from steps.export.files import HASH_RANGE, File
from steps.export.rows import Counts
from warehouse.versions import project_version


@dataclass(frozen=True)
class Terms:
    """On what terms data leave.

    Attributes:
        consumer: For whom.
        k: Rows whose quasi-identifiers fewer users share are withheld.
        as_of: The UTC day up to which the warehouse knows what happened.
        generation: Which generation of the marts they are of; None of unpublished ones.
        allowed: The checks of the quality gate that fail, and were allowed to.
    """

    consumer: str
    k: int
    as_of: str
    generation: int | None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """What was written of a dataset.

    Attributes:
        about: Its row of the seed ai_datasets.
        rows: Rows by split.
        withheld: Rows that are too rare to leave, by split.
        class_balance: Rows by label, split and class.
        content_hashes: Hash of the rows, whatever their order, by split.
        data_files: The files of all splits.
    """

    name: str
    dataset: Dataset
    terms: Terms
    about: Mapping[str, str]
    rows: Counts
    withheld: Counts
    class_balance: dict[str, dict[str, Counts]]
    content_hashes: dict[str, int]
    data_files: list[File]

    @property
    def filled_splits(self) -> list[str]:
        """The splits that have rows: some tools read no empty one."""
        return [split for split, rows in self.rows.items() if rows]

    def classes(self, label: str) -> list[str]:
        """The classes of a label that any split has."""
        return sorted(set().union(*self.class_balance[label].values()))

    @property
    def hex_hashes(self) -> dict[str, str]:
        """The hash of the rows of each split, and of all of them."""
        total = sum(self.content_hashes.values()) % HASH_RANGE
        hashes = self.content_hashes | {"all": total}
        return {name: f"{value:064x}" for name, value in hashes.items()}

    @property
    def code_version(self) -> str:
        """The version of this project, and a hash of the SQL and of this package."""
        code = hashlib.sha256(self.dataset.sql_hash.encode())
        package = Path(__file__).parent
        for path in sorted([*package.glob("*.py"), *package.glob("templates/*")]):
            code.update(path.read_bytes())
        return f"{project_version()}+{code.hexdigest()}"
