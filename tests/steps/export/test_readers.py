"""The tools that a version is made for read it as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.steps.export.ai_warehouse import (
    PEOPLE,
    VERSION,
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
    listed = read_json(version / "manifest.json")["files"]
    described = read_json(version / "croissant.json")["distribution"]
    assert {
        file["path"]: file["sha256"] for file in listed if "data." in file["path"]
    } == {file["contentUrl"]: file["sha256"] for file in described if "sha256" in file}


def test_the_schema_takes_every_row_and_no_other(version: Path) -> None:
    validator = jsonschema.Draft202012Validator(
        read_json(version / "schema.json"),
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
    snippets = CODE.findall((version / "README.md").read_text())
    assert len(snippets) == 3
    checks = [
        "print(dataset['train'].num_rows)",
        "print(len(train))",
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
    assert run.stdout.splitlines() == ["60", "60", f"60 {nulls}"]


def test_the_dictionary_describes_every_column(version: Path) -> None:
    text = (version / "data_dictionary.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()[10:]]
    names = [
        column["name"] for column in read_json(version / "manifest.json")["columns"]
    ]
    assert [row[0] for row in rows] == names
    assert rows[0][-1] == (
        "What user_key means \\| to say. A pseudonym of its own for this consumer."
    )
    assert rows[1][-1].endswith("The UTC day of the instant.")


def test_the_card_tells_how_many_rows_there_are(version: Path) -> None:
    lines = (version / "README.md").read_text().splitlines()
    assert "| train | 60 | 0 |" in lines
    assert "| label_retained | false | 50 | 0 | 0 |" in lines
    assert "| label_retained | true | 10 | 10 | 0 |" in lines
