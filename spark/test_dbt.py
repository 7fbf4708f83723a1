"""What dbt does otherwise on Spark: seeds, contracts, row histories, kept rows."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from spark.execute import execute
from warehouse.connection import connect
from warehouse.spark_connection import SparkConnection

REPOSITORY = Path(__file__).parent.parent
PROFILE = {
    "small": {
        "target": "spark",
        "outputs": {
            "spark": {
                "type": "spark",
                "method": "session",
                "host": "NA",
                "schema": "small",
                "threads": 2,
            }
        },
    }
}
PROJECT = {
    "name": "small",
    "profile": "small",
    "macro-paths": [str(REPOSITORY / "macros"), "macros"],
    "vars": {"as_of": ""},
    "on-run-start": ["{{ finish_replacing() }}"],
    "seeds": {"+full_refresh": True},
}
SEEDS = {
    "people": {"person_id": "bigint", "name": "text", "changed_at": "timestamptz"},
    "inputs": {"key": "text", "is_due": "boolean", "value": "double precision"},
}
PROPERTIES = {
    "seeds": [
        {"name": name, "config": {"column_types": types}}
        for name, types in SEEDS.items()
    ],
    "snapshots": [
        {
            "name": "people_history",
            "relation": "ref('people')",
            "config": {
                "strategy": "timestamp",
                "unique_key": "person_id",
                "updated_at": "changed_at",
            },
        }
    ],
    "models": [
        {
            "name": name,
            "config": {"contract": {"enforced": True}},
            "columns": [
                {"name": "key", "data_type": "text", "description": "It's a \\ key."},
                {"name": "value", "data_type": "double precision"},
            ],
        }
        for name in ("kept", "newest")
    ]
    + [
        {
            "name": "daily",
            "config": {"contract": {"enforced": True}},
            "columns": [
                {"name": "key", "data_type": "text"},
                {"name": "happened_at", "data_type": "timestamptz"},
            ],
        }
    ],
}
KEPT = """
{{ config(
    materialized='incremental',
    incremental_strategy='keep_and_append',
    on_schema_change='fail',
    keep_where="key in (select key from {{ ref('inputs') }} where not is_due)"
) }}
select key, value from {{ ref('inputs') }} where is_due
"""
NEWEST = """
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['key'],
    on_schema_change='append_new_columns'
) }}
select key, value from {{ ref('inputs') }}
"""
DAILY = """
{{ config(materialized='by_day', by_day='happened_at') }}
select key, happened_at from small.moments where key <> 'hidden'
"""
MADE_OF_DAILY = """
{% macro made_of_daily() %}
    {% do return(texts_by_day(
        "select substr(cast(happened_at as string), 1, 10), "
        ~ hash_sum('key || cast(happened_at as string)')
        ~ " from small.moments group by 1"
    )) %}
{% endmacro %}
"""
MOMENTS = {
    "a": "2026-01-05 00:00:00",
    "b": "2026-01-05 23:59:59.999999",
    "c": "2026-01-07 12:00:00",
    "hidden": "2026-01-08 12:00:00",
}
MONDAY, TUESDAY = "2026-01-05 08:00:00+00", "2026-01-06 09:30:00+01"
FIRST_NIGHT = f"person_id,name,changed_at\n1,Ann,{MONDAY}\n2,,{MONDAY}\n"
HISTORY = """
    select person_id, name, cast(dbt_valid_from as string), cast(dbt_valid_to as string)
    from small.people_history order by 1, 3
"""
IS_GONE = "insert overwrite small.people_history select * from {} where false"


@pytest.fixture
def rows(url: str, connection: SparkConnection) -> Callable[[str], list[tuple]]:
    """Ask the warehouse, whose schema is made anew for the test."""
    execute(connection, "drop schema if exists small cascade")

    def ask(query: str) -> list[tuple]:
        # a session knows no files that others have written since it read a table
        with connect(url) as opened, opened.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    return ask


@pytest.fixture
def dbt(url: str, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Run dbt with our macros on a small project; what is given is written before."""
    for folder, name, text in (
        (".", "dbt_project.yml", yaml.safe_dump(PROJECT)),
        (".", "profiles.yml", yaml.safe_dump(PROFILE)),
        ("models", "properties.yml", yaml.safe_dump(PROPERTIES)),
        ("models", "kept.sql", KEPT),
        ("models", "newest.sql", NEWEST),
        ("models", "daily.sql", DAILY),
        ("macros", "made_of_daily.sql", MADE_OF_DAILY),
        ("seeds", "people.csv", FIRST_NIGHT),
        ("seeds", "inputs.csv", "key,is_due,value\na,true,1.5\nb,true,\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text)

    def run(*arguments: str, **files: str) -> subprocess.CompletedProcess:
        for name, text in files.items():
            (path,) = tmp_path.glob(f"*s/{name}.*")
            path.write_text(text)
        return subprocess.run(  # noqa: S603 - our own project
            [Path(sys.executable).parent / "dbt", "--quiet", *arguments],
            cwd=tmp_path,
            env=os.environ | {"SPARK_REMOTE": url, "DBT_PROFILES_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


Rows = Callable[[str], list[tuple]]
Dbt = Callable[..., subprocess.CompletedProcess]


def test_a_second_night_closes_a_version_and_opens_the_next(
    rows: Rows, dbt: Dbt
) -> None:
    assert dbt("build", "-s", "people+").returncode == 0
    assert rows(HISTORY) == [
        (1, "Ann", "2026-01-05 08:00:00", None),
        (2, None, "2026-01-05 08:00:00", None),
    ]
    changed = FIRST_NIGHT.replace(f"2,,{MONDAY}", f"2,Bob,{TUESDAY}")
    assert dbt("build", "-s", "people+", people=changed).returncode == 0
    assert rows(HISTORY) == [
        (1, "Ann", "2026-01-05 08:00:00", None),
        (2, None, "2026-01-05 08:00:00", "2026-01-06 08:30:00"),
        (2, "Bob", "2026-01-06 08:30:00", None),
    ]


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_killed_run_loses_no_history(
    rows: Rows, dbt: Dbt, connection: SparkConnection, is_whole: bool
) -> None:
    dbt("build", "-s", "people+")
    before = rows(HISTORY)
    beside = "small.people_history__next"
    execute(connection, f"create table {beside} like small.people_history")
    if is_whole:  # killed while the history is written over
        execute(connection, f"insert into {beside} select * from small.people_history")
        execute(
            connection, f"alter table {beside} set tblproperties ('is_whole' = 'true')"
        )
        execute(connection, IS_GONE.format(beside))
        assert rows(HISTORY) == []
    assert dbt("build", "-s", "people+").returncode == 0
    assert rows(HISTORY) == before
    assert rows("show tables in small like '*__next'") == []


def test_what_is_due_is_made_anew_and_the_rest_stays(rows: Rows, dbt: Dbt) -> None:
    assert dbt("build", "-s", "inputs+").returncode == 0
    later = "key,is_due,value\na,false,9\nc,true,3\n"
    assert dbt("build", "-s", "inputs+", inputs=later).returncode == 0
    # b is in no input any more
    assert rows("select * from small.kept order by 1") == [("a", 1.5), ("c", 3.0)]
    assert rows("select * from small.newest order by 1") == [
        ("a", 9.0),
        ("b", None),
        ("c", 3.0),
    ]
    described = dict(row[::2] for row in rows("describe small.kept"))
    assert described["key"] == "It's a \\ key."


def test_a_column_of_another_type_is_refused(rows: Rows, dbt: Dbt) -> None:
    wrong = NEWEST.replace("key, value", "key, cast(value as bigint) as value")
    told = dbt("build", "-s", "inputs", "newest", newest=wrong)
    assert told.returncode == 1
    assert "contract" in told.stdout
    assert rows("show tables in small like 'newest'") == []


@pytest.fixture
def daily(rows: Rows, dbt: Dbt, connection: SparkConnection) -> Callable:
    """Build by day; return the files of each day, and refuse other rows than wanted."""

    def build(moments: dict[str, str], **files: str) -> dict[str, set[str]]:
        values = ", ".join(
            f"('{key}', timestamp '{time}')" for key, time in moments.items()
        )
        for statement in (
            "create schema if not exists small",
            "drop table if exists small.moments",
            "create table small.moments using parquet as select * from values "
            f"{values} as moments (key, happened_at)",
        ):
            execute(connection, statement)
        told = dbt("run", "-s", "daily", **files)
        assert told.returncode == 0, told.stdout
        assert rows("select key from small.daily order by 1") == [
            (key,) for key in sorted(moments.keys() - {"hidden"})
        ]
        found: dict[str, set[str]] = {}
        for (partition,) in rows("show partitions small.daily"):
            found[partition.removeprefix("day_version=")[:10]] = set()
        for day, file in rows(
            "select substr(day_version, 1, 10), _metadata.file_path from small.daily"
        ):
            found[day].add(file)
        return found

    return build


def test_a_day_is_made_anew_if_what_it_is_made_of_has_changed(
    daily: Callable,
) -> None:
    """A late row, a day that is new and one that is gone; a day without a row stays."""
    before = daily(MOMENTS)
    assert list(before) == ["2026-01-05", "2026-01-07", "2026-01-08"]
    late = {**MOMENTS, "c": "2026-01-05 12:00:00", "d": "2026-01-09 00:00:00"}
    after = daily(late)
    assert list(after) == ["2026-01-05", "2026-01-08", "2026-01-09"]
    assert not after["2026-01-05"] & before["2026-01-05"]
    again = daily({**late, "e": "2026-01-10 00:00:00"})
    assert again == {**after, "2026-01-10": again["2026-01-10"]}


def test_days_that_a_killed_build_left_are_put_right(
    daily: Callable, connection: SparkConnection
) -> None:
    """What a day was is still there, beside what it is."""
    before = daily(MOMENTS)
    old = "2026-01-05-0123456789abcdef0123456789abcdef"
    for statement in (
        f"alter table small.daily add partition (day_version = '{old}')",
        f"insert into small.daily partition (day_version = '{old}') "
        "values ('old', timestamp '2026-01-05 10:00:00')",
    ):
        execute(connection, statement)
    assert daily(MOMENTS) == before


def test_all_days_are_made_anew_by_another_model(daily: Callable) -> None:
    before = daily(MOMENTS)
    after = daily(MOMENTS, daily=DAILY.replace("key,", "key || '' as key,"))
    assert list(after) == list(before)
    assert not set().union(*after.values()) & set().union(*before.values())
