"""Every value that is in the warehouse is in both files, as it was."""

import hashlib
import json
import math
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.export.catalogue import read_datasets
from steps.export.release import Exporter
from steps.export.version import Terms
from steps.manifest import read_manifest
from steps.marts import open_marts
from tests.steps.export.ai_warehouse import (
    VERSION,
    Declared,
    Row,
    ai_table,
    write_ai_warehouse,
    write_manifest,
)

COLUMNS = [
    Declared("number", "bigint", "key"),
    Declared("split", "text", "split"),
    Declared("dataset_version", "text", "version"),
    Declared("words", "text"),
    Declared("size", "double precision"),
    Declared("count", "bigint"),
    Declared("is_so", "boolean"),
    Declared("day", "date"),
]
NAMES = [column.name for column in COLUMNS if column.name != "split"]
SPLITS = ("train", "validation", "test")
NASTY = [
    "",
    '"',
    '""',
    "=1+1",
    "a\nb",
    "a\r\nb",
    ",",
    " ",
    "null",
    "NA",
    "ø𝄞",
    "x" * 99_999,
]
# Postgres and Parquet hold no half of a surrogate pair, Postgres no zero byte
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# a DuckDB file may hold 0.0 for the -0.0 that equals it: the sum is never -0.0
FLOATS = st.floats().map(lambda number: number + 0.0)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "split": st.sampled_from(SPLITS),
            "words": st.none() | st.sampled_from(NASTY) | TEXT,
            "size": st.none() | FLOATS | st.sampled_from([0.1, 1e300]),
            "count": st.none() | st.integers(-(2**63), 2**63 - 1),
            "is_so": st.none() | st.booleans(),
            "day": st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
        }
    ),
    min_size=1,
    max_size=30,
)


def exported(folder: Path, rows: list[Row]) -> Path:
    """Write rows to a warehouse and export them; return the folder of the version."""
    url = f"duckdb:///{folder}/warehouse.duckdb"
    write_ai_warehouse(url, {"ai_values": ai_table(COLUMNS, rows)})
    write_manifest(folder, {"ai_values": COLUMNS})
    (dataset,) = read_datasets(read_manifest(folder / "target"))
    about = dict.fromkeys(("question", "population", "label", "limitations"), "")
    with open_marts(url, is_unpublished=True) as marts:
        terms, key = Terms("alchemi", 10, "2026-10-31", None), b""
        Exporter(
            marts, terms, key, {"ai_values": about}, folder, folder / "unfinished"
        ).export(dataset)
    return folder / "ai_values" / f"version={VERSION}"


def bits(rows: list[Row]) -> list[Row]:
    """Make equal what is the same, such as not-a-number, and nothing else."""
    return [
        {
            name: value.hex() if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def read_csv(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a CSV file as its dataset card says, with the types of the Parquet file."""
    return pa_csv.read_csv(
        path,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
        ),
    )


@given(ROWS)
@settings(max_examples=25, deadline=None)
def test_both_files_hold_what_the_warehouse_holds(given_rows: list[Row]) -> None:
    rows = [
        {"number": number, "dataset_version": VERSION} | row
        for number, row in enumerate(given_rows)
    ]
    with TemporaryDirectory() as directory:
        folder = exported(Path(directory), rows)
        manifest = json.loads((folder / "_about/manifest.json").read_text())
        hashes = []
        for split in SPLITS:
            wanted = [
                {name: row[name] for name in NAMES}
                for row in rows
                if row["split"] == split
            ]
            table = pq.ParquetFile(folder / f"split={split}/data.parquet").read()
            assert bits(table.to_pylist()) == bits(wanted)
            csv = read_csv(folder / f"_csv/split={split}/data.csv", table.schema)
            assert csv.schema == table.schema
            assert bits(csv.to_pylist()) == bits(wanted)
            assert manifest["content_hash"][split] == content_hash(wanted)
            hashes.append(manifest["content_hash"][split])
        assert manifest["content_hash"]["all"] == modular_sum(hashes)


def content_hash(rows: list[Row]) -> str:
    """Hash rows as the dataset card says."""
    texts = ["".join(cell(row[name]) for name in NAMES) for row in rows]
    return modular_sum(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def modular_sum(hashes: list[str]) -> str:
    return f"{sum(int(each, 16) for each in hashes) % 2**256:064x}"


def cell(value: object) -> str:
    if value is None:
        return "-,"
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, float):
        text = "nan" if math.isnan(value) else f"{value:.17g}"
    else:
        text = str(value)
    return f"{len(text.encode())}:{text},"


def test_duckdb_tells_an_empty_text_from_none(tmp_path: Path) -> None:
    words = [None, "", '"', "=1+1", "a\nb", "NA"]
    rows = [
        {"number": number, "split": "train", "dataset_version": VERSION, "words": text}
        for number, text in enumerate(words)
    ]
    csv = exported(tmp_path, rows) / "_csv/split=train/data.csv"
    read = duckdb.read_csv(str(csv), allow_quoted_nulls=False, quotechar='"')
    assert [
        text for (text,) in read.order("number").select("words").fetchall()
    ] == words


def test_files_do_not_depend_on_how_many_rows_come_at_a_time(tmp_path: Path) -> None:
    """More rows than a row group, which no batch of the warehouse divides."""
    count = 150_000
    rows = pa.table(
        {
            "number": pa.array(range(count - 1, -1, -1), pa.int64()),
            "split": pa.array(["train"] * count),
            "dataset_version": pa.array([VERSION] * count),
        }
    )
    columns = COLUMNS[:3]
    url = f"duckdb:///{tmp_path}/many.duckdb"
    write_ai_warehouse(url, {"ai_values": rows})
    write_manifest(tmp_path, {"ai_values": columns})
    (dataset,) = read_datasets(read_manifest(tmp_path / "target"))
    about = dict.fromkeys(("question", "population", "label", "limitations"), "")
    with open_marts(url, is_unpublished=True) as marts:
        terms = Terms("alchemi", 10, "2026-10-31", None)
        Exporter(
            marts, terms, b"", {"ai_values": about}, tmp_path, tmp_path / "new"
        ).export(dataset)
    (file,) = tmp_path.glob("ai_values/*/split=train/data.parquet")
    parquet = pq.ParquetFile(file)
    groups = [
        parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)
    ]
    assert groups == [122_880, 27_120]
    assert parquet.read()["number"].to_pylist() == list(range(count))
