"""What an export tells about people: pseudonyms, days, and no one who stands out."""

import hmac
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ENGINES
from tests.steps.export.ai_warehouse import (
    DATASET_VERSION,
    KEY,
    PEOPLE,
    SPLIT,
    USER_KEY,
    VERSION,
    Declared,
    Row,
    ai_table,
    contents,
    export,
    people,
    write_ai_warehouse,
    write_manifest,
)
from warehouse.settings import DEMO_HASH_KEY

GROUPED = [
    USER_KEY,
    SPLIT,
    DATASET_VERSION,
    Declared("country", "text", quasi_identifier=True),
    Declared("age", "bigint", quasi_identifier=True),
]


def written(folder: Path, dataset: str = "ai_people") -> list[Row]:
    """Return the rows of all splits."""
    paths = (folder / dataset / f"version={VERSION}").glob("*/data.parquet")
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]


def pseudonym(user_key: str, consumer: str, key: str = KEY) -> str:
    consumer_key = hmac.new(key.encode(), f"export for {consumer}".encode(), "sha256")
    return hmac.new(consumer_key.digest(), user_key.encode(), "sha256").hexdigest()


@pytest.fixture
def warehouse(tmp_path: Path) -> str:
    """A warehouse of people that dbt has built."""
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    write_ai_warehouse(url, {"ai_people": ai_table(PEOPLE, people())})
    write_manifest(tmp_path, {"ai_people": PEOPLE})
    return url


def test_two_consumers_cannot_join_their_files(warehouse: str, tmp_path: Path) -> None:
    assert export(warehouse, tmp_path)[0] == 0
    assert export(warehouse, tmp_path, "--consumer", "other")[0] == 0
    users = [f"user {number}" for number in range(40)]
    for consumer, folder in (
        ("alchemi", "exports"),
        ("other", "exports/consumer=other"),
    ):
        keys = {row["user_key"] for row in written(tmp_path / folder)}
        assert keys == {pseudonym(user, consumer) for user in users}
    # not by their place in the files either
    orders = [
        [row["session_rate"] for row in written(tmp_path / folder)]
        for folder in ("exports", "exports/consumer=other")
    ]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_neither_user_keys_nor_the_key_leave(warehouse: str, tmp_path: Path) -> None:
    _, printed, errors = export(warehouse, tmp_path)
    consumer_key = hmac.new(KEY.encode(), b"export for alchemi", "sha256")
    files = contents(tmp_path / "exports").values()
    everything = b"\n".join([*files, printed.encode(), errors.encode()])
    rows = repr(written(tmp_path / "exports")).encode()
    for secret in (b"user 1", KEY.encode(), consumer_key.hexdigest().encode()):
        assert secret not in everything + rows


@pytest.mark.parametrize("key", [None, "another key", DEMO_HASH_KEY])
def test_another_key_makes_no_other_pseudonyms(
    key: str | None, warehouse: str, tmp_path: Path
) -> None:
    assert export(warehouse, tmp_path, key=key) == (
        1,
        "",
        "error: PII_HASH_KEY is not the key this warehouse was loaded with: set that "
        "key\n",
    )
    assert contents(tmp_path / "exports") == {}


def test_the_demo_needs_no_key(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/demo.duckdb"
    tables = {"ai_people": ai_table(PEOPLE, people())}
    write_ai_warehouse(url, tables, "demo", DEMO_HASH_KEY)
    write_manifest(tmp_path, {"ai_people": PEOPLE})
    assert export(url, tmp_path, key=None)[0] == 0
    keys = {row["user_key"] for row in written(tmp_path / "exports")}
    assert pseudonym("user 1", "alchemi", DEMO_HASH_KEY) in keys


def test_instants_leave_as_their_day_in_utc(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    export_of = {}
    for engine in ("duckdb", "postgres"):
        url = new_warehouse(engine)
        write_ai_warehouse(url, {"ai_people": ai_table(PEOPLE, people(20))})
        folder = tmp_path / engine
        folder.mkdir()
        write_manifest(folder, {"ai_people": PEOPLE})
        assert export(url, folder)[0] == 0
        export_of[engine] = contents(folder / "exports")
        # sixty days before 17:05 on the last of October, less some minutes
        days = {str(row["as_of_at"]) for row in written(folder / "exports")}
        assert days == {"2026-09-01", "2026-08-31"}
        assert b"16:5" not in b"".join(export_of[engine].values())
    assert export_of["duckdb"] == export_of["postgres"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_instant_leaves_as_its_month_where_its_day_would_tell_too_much(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    url = new_warehouse(engine)
    columns = [
        replace(column, quasi_identifier=True, coarsen="month")
        if column.name == "as_of_at"
        else column
        for column in PEOPLE
    ]
    write_ai_warehouse(url, {"ai_people": ai_table(columns, people())})
    write_manifest(tmp_path, {"ai_people": columns})
    assert export(url, tmp_path)[0] == 0
    months = {str(row["as_of_at"]) for row in written(tmp_path / "exports")}
    assert months == {"2026-09-01", "2026-08-01"}


@pytest.mark.parametrize("engine", ENGINES)
def test_who_stands_out_by_a_number_hides_in_its_step(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    url = new_warehouse(engine)
    columns = [
        replace(column, quasi_identifier=True, coarsen=30)
        if column.name == "session_count"
        else column
        for column in PEOPLE
    ]
    days = [*range(30, 60), *[60] * 9, *[None] * 10]
    rows = [
        person | {"session_count": count, "platform": "ios"}
        for person, count in zip(people(49)[::2], days, strict=True)
    ]
    write_ai_warehouse(url, {"ai_people": ai_table(columns, rows)})
    write_manifest(tmp_path, {"ai_people": columns})
    assert export(url, tmp_path)[0] == 0
    counts = [row["session_count"] for row in written(tmp_path / "exports")]
    # nine share 60, and nobody a number from 30 to 59
    assert Counter(counts) == {30: 30, None: 10}


def grouped(country: str | None, age: int | None, users: range) -> list[Row]:
    """Invent three rows for each of some users, a third of them in each split."""
    return [
        {
            "user_key": f"user {number}",
            "split": ("train", "validation", "test")[number % 3],
            "dataset_version": VERSION,
            "country": country,
            "age": age,
        }
        for number in users
        for _ in range(3)
    ]


@pytest.fixture
def crowd(tmp_path: Path) -> str:
    """A warehouse with groups of 10, 9, 10, 9 and 12 users, some without a value."""
    rows = [
        *grouped("de", 30, range(10)),
        *grouped("de", 31, range(9)),
        *grouped("", 30, range(10)),
        *grouped(None, 30, range(9)),
        *grouped(None, None, range(12)),
    ]
    url = f"duckdb:///{tmp_path}/crowd.duckdb"
    write_ai_warehouse(url, {"ai_grouped": ai_table(GROUPED, rows)})
    write_manifest(tmp_path, {"ai_grouped": GROUPED})
    return url


def test_who_stands_out_is_withheld_and_counted(crowd: str, tmp_path: Path) -> None:
    _, printed, _ = export(crowd, tmp_path)
    rows = written(tmp_path / "exports", "ai_grouped")
    groups = {(row["country"], row["age"]) for row in rows}
    assert groups == {("de", 30), ("", 30), (None, None)}
    folder = tmp_path / "exports" / "ai_grouped" / f"version={VERSION}"
    manifest = json.loads((folder / "_about/manifest.json").read_text())
    # of 10, 10 and 12 users: 4 + 4 + 4, 3 + 3 + 4, 3 + 3 + 4, three rows each
    assert manifest["rows"] == {"train": 36, "validation": 30, "test": 30}
    assert manifest["withheld_rows"] == {"train": 18, "validation": 18, "test": 18}
    assert manifest["k"] == 10
    assert " ".join(printed.split()).count("36 30 30 54") == 1


@pytest.mark.parametrize(("k", "left"), [("1", 150), ("9", 150), ("11", 36), ("13", 0)])
def test_k_is_the_users_who_must_share_their_values(
    k: str, left: int, crowd: str, tmp_path: Path
) -> None:
    assert export(crowd, tmp_path, "--k", k)[0] == 0
    assert len(written(tmp_path / "exports", "ai_grouped")) == left


def test_fewer_people_than_k_are_all_withheld(tmp_path: Path) -> None:
    """Without quasi-identifiers, the dataset is the only group there is."""
    columns = [USER_KEY, SPLIT, DATASET_VERSION]
    rows = [
        {name: row[name] for name in ("user_key", "split", "dataset_version")}
        for row in people(9)
    ]
    url = f"duckdb:///{tmp_path}/few.duckdb"
    write_ai_warehouse(url, {"ai_few": ai_table(columns, rows)})
    write_manifest(tmp_path, {"ai_few": columns})
    assert export(url, tmp_path)[0] == 0
    assert written(tmp_path / "exports", "ai_few") == []
