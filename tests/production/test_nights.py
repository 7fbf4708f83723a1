"""Whole nights: with a source that is down, a red test, readers, and two at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import psycopg2
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse

NIGHT = ("python", "-m", "steps.night")
UNREACHABLE = "postgresql://reader:secret-of-all@127.0.0.1:1/nowhere"
STAGES = "select stage, status from production.night_stages where night = {number}"
CUT_OFF = (
    "update production.night_stages set status = 'success' where stage = 'load'",
    "delete from production.night_stages "
    "where stage in "
    "('test', 'telemetry', 'publish', 'report', 'export', 'summary')",
)
BROKEN = (
    "insert into core.dim_companies "
    "select * from core.dim_companies limit 1"  # its key is not unique any more
)


def night(warehouse: Warehouse, code: int = 0) -> str:
    """Run a night that ends with a code; return its page."""
    printed = warehouse.run(*NIGHT, code=code)
    page = (warehouse.folder / "reports" / "night.md").read_text()
    assert page in printed
    assert "secret-of-all" not in printed
    return page


def generations(warehouse: Warehouse) -> list[tuple]:
    """Return number and exceptions of each generation that readers see."""
    select = (
        "select generation_id, allowed_exceptions from marts.generations order by 1"
    )
    if not warehouse.url.startswith("duckdb"):
        return [tuple(row.values()) for row in warehouse.rows(select)]
    file = warehouse.folder / "marts.duckdb"
    with duckdb.connect(file, read_only=True) as marts:
        return marts.execute(select).fetchall()


def statuses(warehouse: Warehouse, number: int) -> dict[str, str]:
    """Return the status of each stage of a night."""
    rows = warehouse.rows(STAGES.format(number=number))
    return {row["stage"]: row["status"] for row in rows}


def test_a_source_that_is_down_and_a_test_that_is_red(copy: Callable) -> None:
    warehouse = copy("duckdb")
    down = {
        **warehouse.environment,
        "ENGAGEMENT_DATABASE_URL": UNREACHABLE,
        "TELEMETRY": "on",
    }
    page = night(replace(warehouse, environment=down), code=1)
    assert page.startswith("# Night 1: FAILED\n")
    assert "without news of engagement." in page
    assert "| ENGAGEMENT_DATABASE_URL: nothing answers at 127.0.0.1:1" in page
    assert generations(warehouse) == [(1, json.dumps(["engagement"]))]
    assert set(statuses(warehouse, 1).values()) == {"success", "failed"}
    report = (warehouse.folder / "reports" / "pushes.html").stat().st_mtime_ns

    warehouse.execute(*CUT_OFF, BROKEN)  # as if it was killed before its tests
    page = night(replace(warehouse, environment=down), code=1)
    assert page.startswith("# Night 1: FAILED\n")
    assert "Nothing is published: what was published before stands" in page
    assert "fails: unique_dim_companies_company_id" in page
    assert statuses(warehouse, 1) == {
        **dict.fromkeys(("load", "build", "lift", "insights", "marts"), "success"),
        **dict.fromkeys(("test", "publish"), "failed"),
        **dict.fromkeys(("report", "export"), "skipped"),
        **dict.fromkeys(("telemetry", "summary"), "success"),
    }
    [summary] = (warehouse.folder / "reports" / "summary").glob("*.md")
    assert ". Night 1: FAILED: see reports/night.md\n" in summary.read_text()
    red = "unique_dim_companies_company_id"
    alert = f"critical: dbt.test_failures {red}: failing rows: 1"
    assert alert in summary.read_text()
    status = ("python", "-m", "steps.status", "--format", "json")
    assert red in warehouse.run(*status, code=1)
    assert len(generations(warehouse)) == 1
    assert (warehouse.folder / "reports/pushes.html").stat().st_mtime_ns == report

    page = night(warehouse)  # the source is back, and the marts are built anew
    assert page.startswith("# Night 2: all is well\n")
    assert generations(warehouse)[1] == (2, "[]")


def test_a_clock_that_was_set_back_by_a_day(copy: Callable) -> None:
    warehouse = copy("duckdb")
    ledgers = warehouse.rows(
        "select table_schema as name from information_schema.tables "
        "where table_name = '_loads'"
    )
    warehouse.execute(
        *(
            f"update {ledger['name']}._loads set started_at = started_at "
            "+ interval '1 day', finished_at = finished_at + interval '1 day'"
            for ledger in ledgers
        ),
        "update production.states set ran_at = ran_at + interval '1 day'",
    )
    assert "all is well" in night(warehouse)
    warehouse.execute(
        "update production.night_stages "
        "set started_at = started_at + interval '1 day', status = 'running' "
        "where stage in ('report', 'export', 'summary')",
        "update production.night_stages "
        "set started_at = started_at + interval '1 day' where stage = 'load'",
    )
    assert night(warehouse).startswith("# Night 2: all is well\n")
    assert [number for number, _ in generations(warehouse)] == [1, 2]


def test_beside_a_query_of_a_minute_and_an_analysts_view(copy: Callable) -> None:
    warehouse = copy("postgres")
    night(warehouse)
    warehouse.execute(
        "create schema analysts",
        "create view analysts.people as select count(*) as people from marts.dim_users",
    )
    people = warehouse.rows("select people from analysts.people")

    def slow_query() -> tuple[int, datetime]:
        with closing(psycopg2.connect(warehouse.url)) as connection:
            cursor = connection.cursor()
            cursor.execute(
                "select count(*) from marts.dim_users, (select pg_sleep(60)) as slept"
            )
            return cursor.fetchone()[0], datetime.now(UTC)

    with ThreadPoolExecutor() as executor:
        query = executor.submit(slow_query)
        page = night(warehouse)
    assert "all is well" in page
    assert query.result()[0] == people[0]["people"]
    assert warehouse.rows("select people from analysts.people") == people
    assert [number for number, _ in generations(warehouse)] == [1, 2]


def test_beside_a_reader_that_holds_the_published_file(copy: Callable) -> None:
    warehouse = copy("duckdb")
    night(warehouse)
    newest = "select max(generation_id) from marts.generations"
    with duckdb.connect(warehouse.folder / "marts.duckdb", read_only=True) as reader:
        night(warehouse)
        assert reader.execute(newest).fetchone() == (1,)
    with duckdb.connect(warehouse.folder / "marts.duckdb", read_only=True) as reader:
        assert reader.execute(newest).fetchone() == (2,)


@pytest.mark.parametrize("engine", ENGINES)
def test_of_two_nights_at_once_one_runs(engine: str, copy: Callable) -> None:
    warehouse = copy(engine)
    with warehouse.start(*NIGHT) as one, warehouse.start(*NIGHT) as other:
        outputs = [night.communicate()[0] for night in (one, other)]
    codes = [one.returncode, other.returncode]
    assert sorted(codes) == [0, 1], outputs
    refused = outputs[codes.index(1)]
    assert refused.startswith("error: the warehouse is in use: night on ")
    assert len(refused.splitlines()) == 1
    assert set(statuses(warehouse, 1).values()) == {"success"}
