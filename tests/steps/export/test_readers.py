"""The tools that a version is made for read it as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.steps.export.ai_warehouse import (
    AS_OF,
    DATASET_VERSION,
    NOT_NULL,
    PEOPLE,
    SPLIT,
    USER_KEY,
    VERSION,
    Declared,
    ai_table,
    export,
    people,
    write_ai_warehouse,
    write_manifest,
)
from tests.steps.export.readers import (
    as_json,
    read_json,
    read_parquet,
    read_with_croissant,
    read_with_datasets,
)

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
LABELS = ("label_back_on_day_7", "label_back_on_day_30")
RETURNS = [
    USER_KEY,
    Declared("as_of_at", "timestamptz", "key", coarsen="month", tests=(NOT_NULL,)),
    SPLIT,
    DATASET_VERSION,
    Declared("share_count", "bigint"),
    *(Declared(name, "boolean", "label", tests=(NOT_NULL,)) for name in LABELS),
]
# Who shared, and who came back: in August, from which is learnt, and in October.
SHARED = [(3, True)] * 5 + [(3, False), (0, True)] + [(0, False)] * 5
SHARED_LATER = [(3, True)] * 2 + [(0, True), (3, False)] + [(0, False)] * 2


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported version with nulls, and with no row in the split test."""
    folder = tmp_path_factory.mktemp("readers")
    url = f"duckdb:///{folder}/warehouse.duckdb"
    rows = [row for row in people() if row["split"] != "test"]
    write_ai_warehouse(url, {"ai_people": ai_table(PEOPLE, rows)})
    write_manifest(folder, {"ai_people": PEOPLE})
    assert export(url, folder)[0] == 0
    return folder / "exports" / "ai_people" / f"version={VERSION}"


def test_datasets_reads_it(version: Path, tmp_path: Path) -> None:
    wanted = read_parquet(version)
    assert {split: len(rows) for split, rows in wanted.items()} == {
        "train": 60,
        "validation": 10,
    }
    assert read_with_datasets(version, tmp_path) == wanted
    read = read_with_datasets(version, tmp_path, csv=True)
    assert read == {
        split: [as_json(row) for row in rows] for split, rows in wanted.items()
    }


def test_datasets_takes_no_other_rows_from_its_cache(
    version: Path, tmp_path: Path
) -> None:
    """Versions of two consumers have the same names, columns and numbers of rows."""
    folder = version.parents[2]
    url = f"duckdb:///{folder}/warehouse.duckdb"
    assert export(url, folder, "--consumer", "other")[0] == 0
    other = folder / "exports" / "consumer=other" / "ai_people" / version.name
    assert read_with_datasets(version, tmp_path) == read_parquet(version)
    assert read_with_datasets(other, tmp_path) == read_parquet(other)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mlcroissant_reads_it(version: Path) -> None:
    assert read_with_croissant(version) == read_parquet(version)


def test_croissant_has_the_checksums_of_the_manifest(version: Path) -> None:
    listed = read_json(version / "_about/manifest.json")["files"]
    described = read_json(version / "_croissant.json")["distribution"]
    assert {
        file["path"]: file["sha256"] for file in listed if "data." in file["path"]
    } == {file["contentUrl"]: file["sha256"] for file in described if "sha256" in file}


def test_the_schema_takes_every_row_and_no_other(version: Path) -> None:
    validator = jsonschema.Draft202012Validator(
        read_json(version / "_about/schema.json"),
        format_checker=jsonschema.FormatChecker(["date"]),
    )
    rows = [as_json(row) for rows in read_parquet(version).values() for row in rows]
    for row in rows:
        validator.validate(row)
    for wrong in (
        {"user_key": "user 1"},
        {"as_of_at": "2026-10-31T17:05:03Z"},
        {"platform": "android"},
        {"session_count": 1.5},
        {"label_retained": None},
        {"email": "someone"},
    ):
        assert not validator.is_valid(rows[0] | wrong), wrong
    assert validator.is_valid(rows[0] | {"platform": None})


def test_the_code_of_the_card_runs(version: Path, tmp_path: Path) -> None:
    snippets = CODE.findall((version / "_about/README.md").read_text())
    assert len(snippets) == 3
    checks = [
        "print(dataset['train'].num_rows)",
        "print(len(rows), len(train))",
        "print(train.num_rows, train['session_count'].null_count)",
    ]
    code = "\n".join(sum(zip(snippets, checks, strict=True), ()))
    given = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=version.parents[2],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    nulls = sum(row["session_count"] is None for row in read_parquet(version)["train"])
    assert run.stdout.splitlines() == ["60", "70 60", f"60 {nulls}"]


def test_the_dictionary_describes_every_column(version: Path) -> None:
    text = (version / "_about/data_dictionary.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()[10:]]
    names = [
        column["name"]
        for column in read_json(version / "_about/manifest.json")["columns"]
    ]
    assert [row[0] for row in rows] == names
    assert rows[0][-1] == (
        "What user_key means \\| to say. A pseudonym of its own for this consumer."
    )
    assert rows[1][-1].endswith("The UTC day of the instant.")


def test_the_card_tells_how_many_rows_there_are(version: Path) -> None:
    lines = (version / "_about/README.md").read_text().splitlines()
    assert "| train | 60 | 0 |" in lines
    assert "| label_retained | false | 50 | 0 | 0 |" in lines
    assert "| label_retained | true | 10 | 10 | 0 |" in lines


def test_the_example_of_the_docs_foretells_who_comes_back(tmp_path: Path) -> None:
    """Of nine pairs in October four stand right and four are equal: (4 + 4 / 2) / 9."""
    rows = [
        {
            "user_key": f"user {number}",
            "as_of_at": AS_OF.replace(month=8 if number < len(SHARED) else 10),
            "split": ("train", "validation", "test")[number % 3],
            "dataset_version": VERSION,
            "share_count": shared,
            **dict.fromkeys(LABELS, is_back),
        }
        for number, (shared, is_back) in enumerate(SHARED + SHARED_LATER)
    ]
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_ai_warehouse(url, {"ai_return": ai_table(RETURNS, rows)})
    write_manifest(tmp_path, {"ai_return": RETURNS})
    assert export(url, tmp_path)[0] == 0
    page = (REPOSITORY / "docs" / "insights.md").read_text(encoding="utf-8")
    [example] = CODE.findall(page)
    run = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    # DeLong: 1.96 times the root of 1/12 / 3 + 1/12 / 3 is 0.46
    told = "AUC 0.67 (0.20 to 1.00), n = 6, of whom 3 came back; learnt from 12"
    assert run.stdout.splitlines() == [f"{label}: {told}" for label in LABELS]
