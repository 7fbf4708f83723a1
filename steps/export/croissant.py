"""Croissant 1.0: what files there are and how to read records of them.

The format is described at https://docs.mlcommons.org/croissant/docs/croissant-spec.html.
"""

import json
from pathlib import Path
from typing import Any

from steps.export.columns import Column
from steps.export.files import CSV, PARQUET, File
from steps.export.version import Version

CONTEXT_FILE = Path(__file__).parent / "templates" / "croissant_context.json"
MEDIA_TYPES = {PARQUET: "application/x-parquet", CSV: "text/csv"}
SPLITS = {"@id": "splits/name"}
FILE_SET = {"@id": "parquet-files"}


def croissant(version: Version) -> dict[str, Any]:
    """Describe a version: its files with their hashes, and its records by split."""
    name = version.dataset.name
    return {
        "@context": json.loads(CONTEXT_FILE.read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": f"{version.about['question']} {version.dataset.description}",
        "version": version.name,
        # the day of the data: the same data give the same file on any day
        "datePublished": version.terms.as_of,
        "license": f"Proprietary: for {version.terms.consumer} alone",
        "citeAs": f"{name} {version.name}",
        "url": f"urn:growth-warehouse:{name}:{version.name}",
        "creator": {"@type": "sc:Organization", "name": "growth"},
        "isLiveDataset": False,
        "distribution": [*map(_file_object, version.data_files), _file_set()],
        "recordSet": [_split_records(version), _row_records(version)],
    }


def _file_object(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": MEDIA_TYPES[Path(file.path).name],
        "sha256": file.sha256,
    }


def _file_set() -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        **FILE_SET,
        "name": "parquet-files",
        "description": "The Parquet file of each split.",
        "encodingFormat": MEDIA_TYPES[PARQUET],
        "includes": f"split=*/{PARQUET}",
    }


def _split_records(version: Version) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": SPLITS,
        "field": [
            {"@type": "cr:Field", **SPLITS, "name": "name", "dataType": "sc:Text"}
        ],
        "data": [{"splits/name": split} for split in version.rows],
    }


def _row_records(version: Version) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "rows",
        "name": "rows",
        "description": version.dataset.description,
        "field": [_split_field(), *map(_field, version.dataset.written)],
    }


def _split_field() -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": "rows/split",
        "name": "split",
        "dataType": "sc:Text",
        "source": {
            "fileSet": FILE_SET,
            "extract": {"fileProperty": "fullpath"},
            # mlcroissant applies it to its result too
            "transform": {"regex": "^(?:.*split=)?([a-z]+)(?:/.*)?$"},
        },
        "references": {"field": SPLITS},
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"rows/{column.name}",
        "name": column.name,
        "description": f"{column.description} {column.note}".strip(),
        "dataType": column.type.croissant,
        "source": {"fileSet": FILE_SET, "extract": {"column": column.name}},
    }
