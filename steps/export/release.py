"""One dataset from the warehouse to its folder: all of a version, or nothing."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from steps.export.card import card, dictionary, hugging_face
from steps.export.catalogue import Dataset
from steps.export.croissant import croissant
from steps.export.documents import manifest, row_schema, to_json
from steps.export.files import ABOUT_FOLDER, HUGGING_FACE, describe, write_split
from steps.export.folders import MANIFEST, publish
from steps.export.rows import SPLITS, Rows
from steps.export.to_destroy import listed, next_name
from steps.export.version import Terms, Version
from steps.marts import Marts, require_marts
from warehouse.errors import UserError, explained
from warehouse.tables import read

ABOUT = "select * from ai_datasets"
MISSING_SYSTEMS = """
    select label_systems.dataset, label_systems.source_system
    from ai_label_systems as label_systems
    inner join dim_source_systems as systems
        on label_systems.source_system = systems.source_system
    where
        systems.known_until_at is null
        and (label_systems.is_required or systems.is_configured)
    order by 1, 2
"""


@dataclass(frozen=True)
class Release:
    """How a dataset was exported: what of, where to, and what became of it."""

    version: Version
    folder: Path
    status: str


@dataclass(frozen=True)
class Exporter:
    """What all datasets of a run share.

    Attributes:
        marts: Those that are exported.
        terms: On what terms data leave.
        key: The key of the pseudonyms.
        about: The row of each dataset in the seed ai_datasets.
        folder: Where versions stay.
        unfinished: Where they are made.
    """

    marts: Marts
    terms: Terms
    key: bytes
    about: dict[str, dict[str, Any]]
    folder: Path
    unfinished: Path

    def export(self, dataset: Dataset) -> Release | None:
        """Write a version of a dataset, unless it is there already.

        Returns:
            What was done; None if the dataset has no rows.

        Raises:
            UserError: it cannot be read or written, or is there with other rows.
        """
        require_marts(self.marts, [dataset.table])
        if dataset.name not in self.about:
            raise UserError(
                f"seeds/ai_datasets.csv does not say what {dataset.name} is: add a "
                "row, then run `dbt build`"
            )
        finished = self.unfinished / dataset.name
        try:
            version = self._write(dataset, finished)
            if version is None:
                return None
            target = self.folder / dataset.name / f"version={version.name}"
            return Release(version, target, publish(finished, target))
        except (OSError, duckdb.Error) as error:
            told = explained(error, "mend that and export again")
            raise UserError(f"it cannot be written: {told}") from error

    def _write(self, dataset: Dataset, folder: Path) -> Version | None:
        folder.mkdir(parents=True)
        file = self.unfinished / f"{dataset.name}.duckdb"
        with closing(Rows(dataset, file)) as rows:
            rows.collect(self.marts.connection, self.key)
            name = rows.version()
            if name is None:
                return None
            destroyed = listed(self.unfinished.parent)
            name = next_name(self.folder / dataset.name, name, destroyed)
            rows.rename(name)
            rows.release(self.terms.k)
            version = self._write_rows(dataset, name, rows, folder)
        file.unlink()
        _write_documents(version, folder)
        return version

    def _write_rows(
        self, dataset: Dataset, name: str, rows: Rows, folder: Path
    ) -> Version:
        released, withheld = rows.counts()
        hashes = {
            split: write_split(folder, split, dataset.written, rows.ordered(split))
            for split in SPLITS
        }
        return Version(
            name,
            dataset,
            self.terms,
            self.about[dataset.name],
            released,
            withheld,
            {label: rows.class_balance(label) for label in dataset.named("label")},
            hashes,
            describe(folder),
        )


def _write_documents(version: Version, folder: Path) -> None:
    documents = {
        HUGGING_FACE: hugging_face(version),
        f"{ABOUT_FOLDER}/README.md": card(version),
        "_croissant.json": to_json(croissant(version)),
        f"{ABOUT_FOLDER}/data_dictionary.md": dictionary(version),
        f"{ABOUT_FOLDER}/schema.json": to_json(row_schema(version)),
    }
    (folder / ABOUT_FOLDER).mkdir()
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    # last, as it has the hashes of the others
    contents = to_json(manifest(version, describe(folder)))
    (folder / MANIFEST).write_text(contents, encoding="utf-8")


def read_about(marts: Marts) -> dict[str, dict[str, Any]]:
    """Read what each dataset is for.

    Raises:
        UserError: the seed is not among the marts.
    """
    require_marts(marts, ["ai_datasets"])
    return {row["dataset"]: row for row in read(marts.connection, ABOUT).to_pylist()}


def read_missing_systems(marts: Marts) -> dict[str, list[str]]:
    """Read of which datasets no label is known, as systems are not loaded.

    Raises:
        UserError: the marts lack what tells it.
    """
    require_marts(marts, ["ai_label_systems", "dim_source_systems"])
    missing: dict[str, list[str]] = {}
    for row in read(marts.connection, MISSING_SYSTEMS).to_pylist():
        missing.setdefault(row["dataset"], []).append(row["source_system"])
    return missing
