"""The files of a version: of each split Parquet and CSV of the same rows.

What reads a folder of Parquet files passes over names that begin with `_` or `.`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from steps.export.columns import Column
from steps.export.sql import ROW_HASH

PARQUET = "data.parquet"
CSV = "data.csv"
CSV_FOLDER = "_csv"
ABOUT_FOLDER = "_about"
HUGGING_FACE = ".huggingface.yaml"
# text is quoted and a null is not, which tells an empty text from none
CSV_OPTIONS = pa_csv.WriteOptions(quoting_style="needed")
HASH_RANGE = 2**256


@dataclass(frozen=True)
class File:
    """A file of a version, by its path there."""

    path: str
    bytes: int
    sha256: str


def write_split(
    version: Path, split: str, columns: list[Column], tables: Iterable[pa.Table]
) -> int:
    """Write the rows of a split.

    Args:
        version: The folder of the version.
        split: One that is not written yet.
        columns: What they hold.
        tables: The rows with their hashes; each table becomes a row group.

    Returns:
        The sum of the hashes, whatever the order of the rows.
    """
    folder = f"split={split}"
    parquet_file = version / folder / PARQUET
    csv_file = version / CSV_FOLDER / folder / CSV
    for file in (parquet_file, csv_file):
        file.parent.mkdir(parents=True)
    schema = pa.schema([(column.name, column.type.arrow) for column in columns])
    content_hash = 0
    with (
        pq.ParquetWriter(parquet_file, schema, compression="zstd") as parquet,
        pa_csv.CSVWriter(csv_file, schema, write_options=CSV_OPTIONS) as csv,
    ):
        for table in tables:
            hashes = table.column(ROW_HASH).to_pylist()
            content_hash += sum(int(row_hash, 16) for row_hash in hashes)
            rows = table.select(schema.names).cast(schema).combine_chunks()
            parquet.write_table(rows, row_group_size=len(rows))
            csv.write_table(rows)
    return content_hash % HASH_RANGE


def describe(folder: Path) -> list[File]:
    """Return the files of a folder, by path."""
    files = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        name = path.relative_to(folder).as_posix()
        files.append(File(name, path.stat().st_size, digest))
    return files
