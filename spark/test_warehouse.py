"""A small world on two workers of Spark, beside the same world on DuckDB."""

import signal
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from spark.conftest import FOUND, WELL, ended
from tests.conftest import change, execute
from tests.integration.conftest import (
    DBT,
    NO_TESTS,
    Marts,
    Warehouse,
    differences,
)

# A sum of doubles depends on their order, and Spark has another each time.
TOLERANCE = 1e-9
BEFORE_LIFT = ("--exclude", "source:lift+", "source:insights+")
AFTER_LIFT = ("--select", "source:lift+", "source:insights+")
# Some of its kind are built before it, others after it.
MODEL = "int_users_summarised"
EVENTS = "staging.stg_posthog__events"
BY_DAY = (
    EVENTS,
    "intermediate.int_events_identified",
    "intermediate.int_session_days",
    "core.fct_user_activity",
)
# PostHog has the next day, a row that came late, and one that was sent again with a
# time of the day after, which is kept with the first.
NEW, LATE, AGAIN = "2026-11-01", "2026-09-15", "2026-10-10"
EVENT = """
    insert into staging_posthog.events (
        uuid, timestamp, created_at, event, distinct_id_hash, person_id, session_id
    )
"""
SECOND_NIGHT = (
    f"""{EVENT} select
        cast(md5(cast(uuid as varchar)) as uuid),
        timestamp + interval '1 day', created_at + interval '1 day',
        event, distinct_id_hash, person_id, session_id || ' next'
    from staging_posthog.events
    where timestamp >= timestamptz '{NEW} 00:00:00+00' - interval '1 day'
    and timestamp < timestamptz '{NEW} 00:00:00+00'
    """,
    f"""{EVENT} select
        cast(md5('late') as uuid), timestamptz '{LATE} 12:00:00+00',
        timestamptz '{NEW} 12:00:00+00',
        event, distinct_id_hash, person_id, 'late'
    from staging_posthog.events where event = 'Offer Created'
    order by created_at, uuid limit 1
    """,
    f"""{EVENT} select
        uuid, timestamp + interval '1 day', timestamptz '{NEW} 12:00:00+00',
        event, distinct_id_hash, person_id, session_id
    from staging_posthog.events where event = 'Offer Created'
    and timestamp >= timestamptz '{AGAIN} 00:00:00+00'
    and timestamp < timestamptz '{AGAIN} 00:00:00+00' + interval '1 day'
    order by created_at, uuid limit 1
    """,
    "update staging_posthog.load_slices "
    "set loaded_until = loaded_until + interval '1 day'",
    "update staging_posthog._loads "
    "set known_until_at = known_until_at + interval '1 day'",
)
# A stranger of few days, whom PostHog takes for a user of the app from then on.
STRANGER = """
    select
        identities.source_id,
        array_agg(distinct cast(events.occurred_at as date)) as days,
        (
            select min(current_person_id) from intermediate.int_posthog_identities
            where match_method = 'direct'
        ) as person_id
    from intermediate.int_posthog_identities as identities
    inner join staging.stg_posthog__events as events
        on identities.source_id = events.distinct_id_hash
    where identities.match_method = 'unmatched'
    group by identities.source_id
    order by count(distinct cast(events.occurred_at as date)), identities.source_id
    limit 1
"""
MERGED = """
    update staging_posthog.person_distinct_ids
    set person_id = '{person_id}', version = version + 1
    where distinct_id_hash = '{source_id}'
"""


@dataclass(frozen=True)
class Built:
    """The same world on both engines.

    Attributes:
        marts: how many were compared.
        differing: rows of those that differ.
    """

    duckdb: Warehouse
    spark: Warehouse
    marts: int
    differing: dict[str, list[tuple]]


def plain(marts: Marts) -> Marts:
    """Return marts with their UUIDs as texts, which they are on Spark."""
    return {
        mart: [
            tuple(str(value) if isinstance(value, UUID) else value for value in row)
            for row in rows
        ]
        for mart, rows in marts.items()
    }


def compare(duckdb: Warehouse, spark: Warehouse) -> tuple[int, dict[str, list[tuple]]]:
    """Return how many marts there are, and rows of those that differ."""
    expected = plain(duckdb.contents())
    return len(expected), differences(
        expected, plain(spark.contents(expected)), TOLERANCE
    )


def build(warehouse: Warehouse, *selection: str) -> int:
    """Build all but the tests, as a user would; return how many models."""
    return len(ended(warehouse, "build", *NO_TESTS, *selection)["model"])


@pytest.fixture(scope="module")
def built(
    url: str,
    sources: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Built:
    """Both, loaded, built and exported."""
    folder = tmp_path_factory.mktemp("duckdb")
    duckdb = Warehouse(f"duckdb:///{folder}/warehouse.duckdb", folder, sources)
    folder = tmp_path_factory.mktemp("spark")
    spark = Warehouse(url, folder, sources | {"LAKE_URL": str(folder / "lake")})
    for warehouse in (duckdb, spark):
        warehouse.run("python", "-m", "loaders")
        models = build(warehouse, *BEFORE_LIFT)
        warehouse.run("python", "-m", "steps.lift")
        models += build(warehouse, *AFTER_LIFT)
        warehouse.run("python", "-m", "steps.export", "--unpublished")
    made = Built(duckdb, spark, *compare(duckdb, spark))
    request.config.stash[FOUND] |= {
        "models": models,
        f"differing rows in {made.marts} tables": sum(
            map(len, made.differing.values())
        ),
    }
    return made


def test_every_mart_is_that_of_duckdb(built: Built) -> None:
    assert built.marts > 100
    assert built.differing == {}


def test_unit_tests_pass(built: Built, request: pytest.FixtureRequest) -> None:
    tests = ended(built.spark, "test", "--select", "test_type:unit")["unit_test"]
    assert len(tests) > 200
    assert set(tests) <= WELL
    request.config.stash[FOUND] |= {"unit tests": len(tests)}


def test_what_is_exported_is_that_of_duckdb(built: Built) -> None:
    exported = []
    for warehouse in (built.duckdb, built.spark):
        folder = warehouse.folder / "exports"
        files = {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert files
        exported.append(files)
    assert exported[0] == exported[1]


def files_by_day(spark: Warehouse, table: str) -> dict[str, set[str]]:
    """Return which files the rows of each day are in."""
    found: dict[str, set[str]] = {}
    for row in spark.rows(
        "select distinct substr(day_version, 1, 10) as day, "  # noqa: S608 - our own names
        f"_metadata.file_path as path from {table}"
    ):
        found.setdefault(row["day"], set()).add(row["path"])
    return found


def activity_by_day(duckdb: Warehouse) -> dict[date, list[dict]]:
    """Return the activity of each day."""
    found: dict[date, list[dict]] = {}
    for row in duckdb.rows("select * from core.fct_user_activity order by event_key"):
        found.setdefault(row["occurred_at"].date(), []).append(row)
    return found


def test_a_night_after_that_is_killed_once(built: Built) -> None:
    """It builds the day that is new, and those that rows came late for.

    So it does with the days of somebody who was a stranger before. People have new
    versions, too; of tables without news no file is written.
    """
    duckdb, spark = built.duckdb, built.spark
    lake = Path(spark.environment["LAKE_URL"])
    kept = {path for path in lake.rglob("*.parquet") if not has_news(path)}
    files = {table: files_by_day(spark, table) for table in BY_DAY}
    activity = activity_by_day(duckdb)
    execute(
        spark.environment["CHEMLINK_DATABASE_URL"],
        "update persons set headline_description = 'another', "
        "updated_at = updated_at + interval '1 minute' "
        "where id in (select id from persons order by id limit 9)",
    )
    (stranger,) = duckdb.rows(STRANGER)
    for url in (duckdb.url, f"duckdb:///{spark.folder}/data/landing.duckdb"):
        for statement in (*SECOND_NIGHT, MERGED.format(**stranger)):
            change(url, statement)
    for warehouse in (duckdb, spark):
        warehouse.run("python", "-m", "loaders", "chemlink")
    assert kept <= set(lake.rglob("*.parquet"))
    process = spark.start(DBT, "run", *BEFORE_LIFT)
    for line in process.stdout or ():
        if "OK" in line and MODEL in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    for warehouse in (duckdb, spark):
        build(warehouse, *BEFORE_LIFT)
    assert compare(duckdb, spark)[1] == {}
    today = activity_by_day(duckdb)
    with_news = {
        f"{day}"
        for day in today.keys() | activity
        if today.get(day) != activity.get(day)
    }
    landed = {NEW, LATE, AGAIN}
    of_another = {f"{day}" for day in stranger["days"]}
    with_news |= landed | of_another
    with_news |= {f"{date.fromisoformat(day) + timedelta(1)}" for day in with_news}
    for table in BY_DAY:
        least = landed if table == EVENTS else landed | of_another
        now = files_by_day(spark, table)
        made = {day for day in now if now[day] != files[table].get(day)}
        assert least <= made <= with_news, table
        assert len(made) < len(now) / 3, table


def has_news(path: Path) -> bool:
    """Tell whether the second night has news for a file of the lake."""
    days = ("persons", "person_distinct_ids", "load_slices", "_loads", LATE, AGAIN)
    return any(part in f"{path}" for part in days)
