"""The datasets of the demo world as they leave, from both engines."""

import hmac
import re
from collections import defaultdict
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import ENGINES, query
from tests.helpers.leaks import leaked_values
from tests.integration.conftest import Warehouse
from tests.steps.export.readers import (
    as_json,
    read_json,
    read_parquet,
    read_with_croissant,
    read_with_datasets,
)

DATASETS = ("activation", "churn", "engagement", "glossary", "push_response", "return")
UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
HASH = re.compile(rb"[0-9a-f]{32,}")
INSTANT = re.compile(rb"\d\d:\d\d:\d\d")
SHORTEST_TEXT = 12
K = 10
# how much of a number may leave
STEPS = {
    "signup_weekday": 6,
    "signup_hour": 12,
    "tenure_days": 30,
    "days_since_first_seen": 90,
    "baseline_hours": 168,
}


@pytest.fixture(scope="session")
def exports(warehouses: dict[str, Warehouse]) -> dict[str, Path]:
    """The folder of the exports, by engine."""
    for warehouse in warehouses.values():
        warehouse.run("python", "-m", "steps.export", "--unpublished")
    return {engine: warehouses[engine].folder / "exports" for engine in ENGINES}


@pytest.fixture(scope="session")
def versions(exports: dict[str, Path]) -> dict[str, Path]:
    """The folder of the only version of each dataset."""
    found = {path.parent.name: path for path in exports["duckdb"].glob("*/*")}
    assert set(found) == {f"ai_{name}" for name in DATASETS}
    return found


@pytest.fixture(scope="session")
def exported_bytes(exports: dict[str, Path]) -> bytes:
    """Every byte of every file."""
    files = (path for path in sorted(exports["duckdb"].rglob("*")) if path.is_file())
    return b"\n".join(path.read_bytes() for path in files)


@pytest.fixture(scope="session")
def exported_texts(exports: dict[str, Path]) -> bytes:
    """Every document, and every different value of the rows once."""
    folder = exports["duckdb"]
    documents = [
        path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in {".md", ".json", ".yaml"}
    ]
    assert len(documents) == len(DATASETS) * 6
    values = {
        str(value).encode()
        for version in folder.glob("*/*")
        for rows in read_parquet(version).values()
        for row in rows
        for value in row.values()
    }
    return b"\n".join([*documents, *values])


def test_both_engines_export_the_same_bytes(exports: dict[str, Path]) -> None:
    contents = [
        {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in exports.values()
    ]
    assert len(contents[0]) == len(DATASETS) * 12
    different = {
        name for name in contents[0] if contents[0][name] != contents[1].get(name)
    }
    assert different == set()
    assert set(contents[0]) == set(contents[1])


def test_exporting_again_changes_nothing(
    warehouses: dict[str, Warehouse], exports: dict[str, Path]
) -> None:
    printed = warehouses["duckdb"].run("python", "-m", "steps.export", "--unpublished")
    lines = [line.split() for line in printed.splitlines() if "version=" in line]
    assert [line[0] for line in lines] == [f"ai_{name}" for name in DATASETS]
    assert {line[-1] for line in lines} == {"unchanged"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_tools_it_is_made_for_read_it(
    versions: dict[str, Path], tmp_path: Path
) -> None:
    for dataset, folder in versions.items():
        wanted = read_parquet(folder)
        counts = {split: len(rows) for split, rows in wanted.items()}
        assert counts["train"] > 0, dataset
        assert read_with_datasets(folder, tmp_path) == wanted
        assert read_with_croissant(folder) == wanted
        read = read_with_datasets(folder, tmp_path, csv=True)
        assert {split: len(rows) for split, rows in read.items()} == counts
        assert {tuple(row) for rows in read.values() for row in rows} == {
            tuple(row) for rows in wanted.values() for row in rows
        }


def test_the_schema_takes_every_row(versions: dict[str, Path]) -> None:
    for folder in versions.values():
        schema = read_json(folder / "_about/schema.json")
        validator = jsonschema.Draft202012Validator(schema)
        for rows in read_parquet(folder).values():
            for row in rows:
                validator.validate(as_json(row))


def test_no_personal_value_leaves(
    exported_bytes: bytes, exported_texts: bytes, world: Path
) -> None:
    assert b"ai_churn" in exported_texts, "the search finds what is there"
    assert leaked_values(world, exported_bytes + exported_texts) == set()


def test_no_id_and_no_instant_leaves(
    exported_texts: bytes, warehouses: dict[str, Warehouse], sources: dict[str, str]
) -> None:
    assert UUID.search(exported_texts) is None
    keys = {
        row["user_key"].encode()
        for row in warehouses["duckdb"].rows("select user_key from core.dim_users")
    }
    ids = {uuid.replace(b"-", b"") for uuid in values_of(sources, ["uuid"])}
    assert len(keys) > 300, "there is something to look for"
    assert len(ids) > 1000, "there is something to look for"
    hashes = set(HASH.findall(exported_texts))
    assert hashes
    assert not hashes & (keys | ids)
    assert INSTANT.search(exported_texts) is None


def test_no_text_of_a_source_leaves(
    exported_texts: bytes, sources: dict[str, str]
) -> None:
    """Whatever column it stands in, but the terms that are exported on purpose."""
    texts = values_of(sources, ["text", "character varying", "jsonb"])
    assert len(texts) > 1000, "there is something to look for"
    by_beginning = defaultdict(list)
    for text in texts:
        by_beginning[text[:6]].append(text)
    found = {
        text
        for beginning, group in by_beginning.items()
        if beginning in exported_texts
        for text in group
        if text in exported_texts
    }
    assert found == set()


def values_of(sources: dict[str, str], data_types: list[str]) -> set[bytes]:
    """Return all values of some types in all databases that are no mere words."""
    values = set()
    types = ", ".join(f"'{data_type}'" for data_type in data_types)
    for variable, url in sources.items():
        if not variable.endswith("_DATABASE_URL"):
            continue
        columns = query(
            url,
            "select table_name, column_name from information_schema.columns where "
            "table_schema = 'public' and table_name <> 'glossary' "
            f"and data_type in ({types})",
        )
        selects = [
            f'select "{column}"::text from "{table}" '
            f'where length("{column}"::text) >= {SHORTEST_TEXT}'
            for table, column in columns
        ]
        if selects:
            rows = query(url, " union ".join(selects))
            values.update(text.encode() for (text,) in rows)
    return values


@pytest.mark.parametrize("dataset", [name for name in DATASETS if name != "glossary"])
def test_who_stands_out_is_withheld_and_the_rest_keeps_its_split(
    dataset: str, versions: dict[str, Path], warehouses: dict[str, Warehouse]
) -> None:
    folder = versions[f"ai_{dataset}"]
    manifest = read_json(folder / "_about/manifest.json")
    names = [
        column["name"] for column in manifest["columns"] if column["quasi_identifier"]
    ]
    assert names
    groups, splits = defaultdict(set), defaultdict(set)
    rows = warehouses["duckdb"].rows(f"select * from ai.ai_{dataset}")
    for row in rows:
        groups[shared(row, names)].add(row["user_key"])
    kept = [row for row in rows if len(groups[shared(row, names)]) >= K]
    wanted = sorted((pseudonym(row["user_key"]), row["split"]) for row in kept)
    written = read_parquet(folder)
    assert wanted == sorted(
        (row["user_key"], split) for split, rows in written.items() for row in rows
    )
    withheld = sum(manifest["withheld_rows"].values())
    assert withheld == len(rows) - len(kept)
    for key, split in wanted:
        splits[key].add(split)
    assert {len(found) for found in splits.values()} == {1}


def shared(row: dict, names: list[str]) -> tuple:
    """Return what others may share with a row, with months for instants."""
    values = [
        row[name] // STEPS[name] if name in STEPS else row[name] for name in names
    ]
    return tuple(
        value.date().replace(day=1) if hasattr(value, "date") else value
        for value in values
    )


def pseudonym(user_key: str) -> str:
    key = hmac.digest(b"a key for all tests", b"export for alchemi", "sha256")
    return hmac.digest(key, user_key.encode(), "sha256").hex()
