"""Reading an exported version with the tools it is made for, as rows by split."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Rows = dict[str, list[dict[str, Any]]]


def read_parquet(folder: Path) -> Rows:
    """Read the Parquet files of the splits that have rows."""
    splits = {
        path.parent.name.removeprefix("split="): pq.ParquetFile(path).read().to_pylist()
        for path in sorted(folder.glob("split=*/data.parquet"))
    }
    return {split: rows for split, rows in splits.items() if rows}


def read_with_datasets(folder: Path, cache: Path, csv: bool = False) -> Rows:
    """Read a version with `datasets`: as its card says, or the CSV files."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    # takes seconds, and reads the variable when it is imported
    from datasets import load_dataset

    if not csv:
        loaded = load_dataset(str(folder), cache_dir=str(cache))
    else:
        loaded = load_dataset(
            "csv",
            data_files={
                split: str(folder / f"_csv/split={split}/data.csv")
                for split in read_parquet(folder)
            },
            cache_dir=str(cache),
            keep_default_na=False,
            na_values=[""],
        )
    return {split: list(rows) for split, rows in loaded.items()}


def read_with_croissant(folder: Path) -> Rows:
    """Read the records that croissant.json describes, which must be valid."""
    import mlcroissant

    described = mlcroissant.Dataset(folder / "_croissant.json")
    assert described.metadata.issues.report() == ""
    splits: Rows = {}
    for record in described.records("rows"):
        row = {name.removeprefix("rows/"): value for name, value in record.items()}
        row = {name: _plain(value) for name, value in row.items()}
        splits.setdefault(row.pop("split"), []).append(row)
    return splits


def _plain(value: object) -> object:
    """Undo what mlcroissant makes of text and days."""
    if isinstance(value, bytes):
        return value.decode()
    return value.date() if hasattr(value, "date") else value


def read_json(path: Path) -> dict[str, Any]:
    """Read a document."""
    return json.loads(path.read_text())


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    """Write a row as JSON would hold it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }
