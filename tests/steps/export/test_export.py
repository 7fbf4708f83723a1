"""`python -m steps.export`: which versions it writes, refuses or leaves as they are."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from steps.export.folders import only_export
from tests.conftest import ENGINES
from tests.steps.export.ai_warehouse import (
    KEY,
    PEOPLE,
    TERMS,
    VERSION,
    Declared,
    Row,
    ai_table,
    contents,
    export,
    people,
    start_export,
    write_ai_warehouse,
    write_manifest,
)

PEOPLE_FOLDER = Path(f"exports/ai_people/version={VERSION}")
A_TERM = {"term": "lift", "split": "test", "dataset_version": VERSION}


def new_people(folder: Path, name: str, rows: list[Row]) -> str:
    """Write a warehouse of people, and what dbt knows about it; return its URL."""
    url = f"duckdb:///{folder}/{name}.duckdb"
    write_ai_warehouse(url, {"ai_people": ai_table(PEOPLE, rows)})
    write_manifest(folder, {"ai_people": PEOPLE})
    return url


def words(printed: str) -> list[str]:
    """Return the lines with single spaces."""
    return [" ".join(line.split()) for line in printed.splitlines() if line.strip()]


def test_both_engines_give_the_same_bytes_twice(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    written = []
    for engine in ENGINES:
        url, folder = new_warehouse(engine), tmp_path / engine
        folder.mkdir()
        # a warehouse has no order of its own
        rows = people() if engine == "duckdb" else people()[::-1]
        tables = {
            "ai_people": ai_table(PEOPLE, rows),
            "ai_terms": ai_table(TERMS, [A_TERM]),
        }
        write_ai_warehouse(url, tables)
        write_manifest(folder, {"ai_people": PEOPLE, "ai_terms": TERMS})
        code, printed, errors = export(url, folder)
        assert (code, errors) == (0, "")
        assert (f"ai_people {VERSION} 60 10 10 0 19.6 kB {PEOPLE_FOLDER} new") in words(
            printed
        )
        written.append(contents(folder / "exports"))
        # the same again, made anew
        (folder / "exports").rename(folder / "first")
        export(url, folder)
        written.append(contents(folder / "exports"))
    assert written[0] == written[1] == written[2] == written[3]
    splits = [f"split={split}" for split in ("train", "validation", "test")]
    documents = "README.md data_dictionary.md manifest.json schema.json"
    documents = [f"_about/{name}" for name in documents.split()]
    assert set(written[0]) == {
        f"{dataset}/version={VERSION}/{name}"
        for dataset in ("ai_people", "ai_terms")
        for name in [
            ".huggingface.yaml",
            "_croissant.json",
            *documents,
            *(f"{split}/data.parquet" for split in splits),
            *(f"_csv/{split}/data.csv" for split in splits),
        ]
    }


def test_a_version_that_is_there_stays(tmp_path: Path) -> None:
    url = new_people(tmp_path, "first", people())
    assert export(url, tmp_path)[0] == 0
    before = contents(tmp_path / PEOPLE_FOLDER)
    code, printed, _ = export(url, tmp_path)
    assert code == 0
    assert words(printed)[-1].endswith(" unchanged")

    assert contents(tmp_path / PEOPLE_FOLDER) == before


def test_a_version_stays_even_if_its_files_would_be_written_otherwise(
    tmp_path: Path,
) -> None:
    """As by another version of PyArrow, or with other words about the same rows."""
    url = new_people(tmp_path, "first", people())
    export(url, tmp_path)
    path = tmp_path / PEOPLE_FOLDER / "split=test/data.parquet"
    pq.write_table(pq.ParquetFile(path).read(), path, compression="snappy")
    before = contents(tmp_path / PEOPLE_FOLDER)
    loose = Declared("label_retained", "boolean", "label")
    for label in (PEOPLE[-1], loose):
        write_manifest(tmp_path, {"ai_people": [*PEOPLE[:-1], label]})
        code, printed, _ = export(url, tmp_path)
        assert code == 0
        assert words(printed)[-1] == (
            f"{PEOPLE_FOLDER} has the same rows and stays, but its other files are "
            "older: to renew them, delete it and export again"
        )
        assert contents(tmp_path / PEOPLE_FOLDER) == before


def test_a_column_of_another_type_is_another_dataset(tmp_path: Path) -> None:
    """A whole number looks the same in the CSV, whatever its type."""
    rows = [row | {"session_rate": 1} for row in people()]
    export(new_people(tmp_path, "whole", rows), tmp_path)
    columns = [
        Declared("session_rate", "bigint") if column.name == "session_rate" else column
        for column in PEOPLE
    ]
    url = f"duckdb:///{tmp_path}/bigint.duckdb"
    write_ai_warehouse(url, {"ai_people": ai_table(columns, rows)})
    write_manifest(tmp_path, {"ai_people": columns})
    code, _, errors = export(url, tmp_path)
    assert code == 1
    assert "is there with other rows and stays" in errors


def test_other_rows_of_a_version_are_refused_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    export(new_people(tmp_path, "first", people()), tmp_path)
    before = contents(tmp_path / PEOPLE_FOLDER)
    url = f"duckdb:///{tmp_path}/second.duckdb"
    tables = {
        "ai_people": ai_table(PEOPLE, people(41)),
        "ai_terms": ai_table(TERMS, [A_TERM]),
    }
    write_ai_warehouse(url, tables)
    write_manifest(tmp_path, {"ai_gone": TERMS, "ai_people": PEOPLE, "ai_terms": TERMS})
    code, printed, errors = export(url, tmp_path)
    assert code == 1
    assert errors.splitlines() == [
        "error: ai_gone: the warehouse has no table ai_gone: run `make build` first",
        f"error: ai_people: {PEOPLE_FOLDER} is there with other rows and stays as it "
        "is: mostly newer data of the same day or another --k; export again "
        "tomorrow, or delete that folder if nobody uses it; if the model changed, "
        "raise the version in seeds/ai_datasets.csv and run `dbt build`",
    ]
    assert words(printed)[-1].startswith(f"ai_terms {VERSION} 0 0 1 0 ")
    assert contents(tmp_path / PEOPLE_FOLDER) == before


@pytest.mark.parametrize(
    "name",
    ["_csv/split=train/data.csv", "split=test/data.parquet", "_about/manifest.json"],
)
def test_a_version_that_lost_a_file_is_not_taken_for_other_rows(
    name: str, tmp_path: Path
) -> None:
    url = new_people(tmp_path, "first", people())
    export(url, tmp_path)
    (tmp_path / PEOPLE_FOLDER / name).unlink()
    code, _, errors = export(url, tmp_path)
    assert (code, errors) == (
        1,
        f"error: ai_people: {PEOPLE_FOLDER} is not whole, it lacks {name}: put back "
        "what is missing, or delete that folder and export again\n",
    )


def test_a_mistyped_warehouse_is_told_and_not_made(tmp_path: Path) -> None:
    new_people(tmp_path, "first", people())
    before = contents(tmp_path)
    assert export("duckdb:///mistyped/frist.duckdb", tmp_path) == (
        1,
        "",
        "error: WAREHOUSE_URL: there is no file mistyped/frist.duckdb: run `make load` "
        "first, or mend its path\n",
    )
    assert contents(tmp_path) == before
    assert not (tmp_path / "mistyped").exists()


def test_a_new_version_stands_beside_the_old_one(tmp_path: Path) -> None:
    export(new_people(tmp_path, "first", people()), tmp_path)
    before = contents(tmp_path / PEOPLE_FOLDER)
    url = new_people(tmp_path, "second", people(version="1.1.0-20261101"))
    assert export(url, tmp_path)[0] == 0
    versions = {path.name for path in (tmp_path / "exports/ai_people").iterdir()}
    assert versions == {f"version={VERSION}", "version=1.1.0-20261101"}
    assert contents(tmp_path / PEOPLE_FOLDER) == before


def test_a_killed_export_leaves_the_version_before_and_no_half_one(
    tmp_path: Path,
) -> None:
    export(new_people(tmp_path, "first", people()), tmp_path)
    before = contents(tmp_path / "exports")
    # so many rows that writing them takes far longer than seeing the first file
    crowd = pa.concat_tables([ai_table(PEOPLE, people(5_000, "2.0.0"))] * 10)
    crowded = f"duckdb:///{tmp_path}/crowd.duckdb"
    write_ai_warehouse(crowded, {"ai_people": crowd})
    process = start_export(crowded, tmp_path)
    half = tmp_path / "exports/.unfinished/ai_people/_csv/split=train/data.csv"
    while process.poll() is None and not half.exists():
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert process.returncode == -signal.SIGKILL
    assert half.exists()
    after = contents(tmp_path / "exports")
    assert {name for name in after if not name.startswith(".unfinished/")} == set(
        before
    )
    assert {name: after[name] for name in before} == before

    assert export(new_people(tmp_path, "next", people(4, "2.0.0")), tmp_path)[0] == 0
    versions = [path.name for path in (tmp_path / "exports").glob("*/*")]
    assert sorted(versions) == [f"version={VERSION}", "version=2.0.0"]
    assert not (tmp_path / "exports/.unfinished").exists()


def test_two_exports_do_not_mix(tmp_path: Path) -> None:
    url = new_people(tmp_path, "first", people())
    with only_export(tmp_path / "exports"):
        code, _, errors = export(url, tmp_path)
    assert (code, errors) == (
        1,
        "error: another export is running (it holds exports): wait until it ends\n",
    )
    assert export(url, tmp_path)[0] == 0


def test_a_dataset_without_rows_is_left_out(tmp_path: Path) -> None:
    url = new_people(tmp_path, "empty", [])
    code, printed, errors = export(url, tmp_path)
    assert (code, errors) == (0, "")
    assert "ai_people has no rows yet and is left out" in words(printed)
    assert contents(tmp_path / "exports") == {}


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            Declared("session_count", "bigint", coarsen="month"),
            "ai_people.session_count has the config.meta.coarsen month: use month for "
            "a timestamptz, or a whole number above 1 for a bigint, in "
            "models/ai/ai_people.yml, then run `dbt build`",
        ),
        (
            Declared("platform", "text", role=None),
            "ai_people.platform has the config.meta.role None: use one of key, "
            "feature, label, split, version in models/ai/ai_people.yml, then run "
            "`dbt build`",
        ),
        (
            Declared("platform", "jsonb"),
            "ai_people.platform has the data_type jsonb: use one of text, bigint, "
            "double precision, boolean, date, timestamptz in models/ai/ai_people.yml, "
            "then run `dbt build`",
        ),
    ],
)
def test_a_column_nobody_judged_does_not_leave(
    column: Declared, said: str, tmp_path: Path
) -> None:
    url = new_people(tmp_path, "first", people())
    columns = [column if column.name == given.name else given for given in PEOPLE]
    write_manifest(tmp_path, {"ai_people": columns})
    assert export(url, tmp_path) == (1, "", f"error: {said}\n")
    assert not (tmp_path / "exports").exists()


def test_without_dbt_it_says_what_to_run(tmp_path: Path) -> None:
    url = new_people(tmp_path, "first", people())
    (tmp_path / "target/manifest.json").unlink()
    assert export(url, tmp_path) == (
        1,
        "",
        "error: target/manifest.json cannot be read: run `dbt build`\n",
    )


@pytest.mark.parametrize("arguments", [("--k", "0"), ("--consumer", "../x")])
def test_a_wrong_command_line_is_told(
    arguments: tuple[str, str], tmp_path: Path
) -> None:
    code, printed, errors = export("duckdb:///none.duckdb", tmp_path, *arguments)
    assert (code, printed) == (2, "")
    assert repr(arguments[1]) in errors.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (people(4) + people(4, "1.0.1"), "has the versions"),
        (people(4, "../1"), "has the versions ../1"),
        ([people(1)[0] | {"split": "holdout"}], "has the split holdout"),
    ],
)
def test_rows_that_fit_no_folder_are_refused(
    rows: list[Row], said: str, tmp_path: Path
) -> None:
    url = new_people(tmp_path, "first", rows)
    code, _, errors = export(url, tmp_path)
    assert code == 1
    assert errors.startswith(f"error: ai_people: ai_people {said}")
    assert contents(tmp_path / "exports") == {}


def test_values_of_another_type_are_refused_and_not_shown(tmp_path: Path) -> None:
    url = new_people(tmp_path, "first", people())
    platform = Declared("platform", "bigint")
    columns = [platform if column.name == "platform" else column for column in PEOPLE]
    write_manifest(tmp_path, {"ai_people": columns})
    code, _, errors = export(url, tmp_path)
    assert (code, errors) == (
        1,
        "error: ai_people: ai_people has values that do not fit the types of its "
        "columns in the YAML of its model: run `dbt build` to make it anew\n",
    )
    assert contents(tmp_path / "exports") == {}


def test_the_manifest_counts_what_is_there(tmp_path: Path) -> None:
    export(new_people(tmp_path, "first", people()), tmp_path)
    manifest = json.loads(
        (tmp_path / PEOPLE_FOLDER / "_about/manifest.json").read_text()
    )
    assert manifest["as_of"] == "2026-10-31"
    assert manifest["consumer"] == "alchemi"
    assert manifest["rows"] == {"train": 60, "validation": 10, "test": 10}
    # every fourth is retained: those of validation, none of test, a sixth of train
    assert manifest["class_balance"] == {
        "label_retained": {
            "train": {"false": 50, "true": 10},
            "validation": {"true": 10},
            "test": {"false": 10},
        }
    }
    assert KEY not in json.dumps(manifest)


def test_labels_without_classes_are_counted_by_what_can_be_told(tmp_path: Path) -> None:
    values = {"values": ["power", "lurker"]}
    labels = [
        Declared("label_level", "text", "label", tests=(("accepted_values", values),)),
        Declared("label_lift", "double precision", "label"),
        Declared("completion", "text", "label"),
    ]
    given = [
        ("power", -0.5, "An answer."),
        ("lurker", 0.0, "Another."),
        ("lurker", 3.0, "A third."),
        (None, 0.1, None),
    ]
    columns = [*TERMS, *labels]
    names = [label.name for label in labels]
    rows = [
        A_TERM | {"term": f"term {number}"} | dict(zip(names, found, strict=True))
        for number, found in enumerate(given)
    ]
    url = f"duckdb:///{tmp_path}/labels.duckdb"
    write_ai_warehouse(url, {"ai_terms": ai_table(columns, rows)})
    write_manifest(tmp_path, {"ai_terms": columns})
    assert export(url, tmp_path)[0] == 0
    (file,) = tmp_path.glob("exports/ai_terms/*/_about/manifest.json")
    balance = json.loads(file.read_text())["class_balance"]
    assert {label: splits["test"] for label, splits in balance.items()} == {
        "label_level": {"lurker": 2, "null": 1, "power": 1},
        "label_lift": {"negative": 1, "positive": 2, "zero": 1},
        "completion": {"any value": 3, "null": 1},
    }
