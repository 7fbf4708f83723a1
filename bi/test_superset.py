"""What Superset shows of the dashboards is what the marts hold."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import duckdb
import psycopg2
import pytest

from bi.expected import EXPECTED
from bi.server import Superset
from tests.integration.conftest import Warehouse

Rows = list[tuple]
DASHBOARDS = {
    "Growth": 9,
    "Activation and retention": 6,
    "Pushes": 5,
    "Data quality": 5,
}


def marts(warehouse: Warehouse, sql: str) -> Rows:
    """Ask what is published."""
    if warehouse.url.startswith("duckdb"):
        file = warehouse.folder / "marts.duckdb"
        with duckdb.connect(file, read_only=True) as connection:
            return connection.execute(sql).fetchall()
    with (
        closing(psycopg2.connect(warehouse.url)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
        return cursor.fetchall()


def plain(value: object) -> object:
    """Return a value as Superset's JSON has it, numbers to nine digits."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    if isinstance(value, datetime):
        value = value.timestamp() * 1000
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return float(f"{value:.9g}")
    return value


def counted(rows: Iterable[Iterable[object]]) -> Counter:
    return Counter(tuple(map(plain, row)) for row in rows)


@pytest.fixture(scope="session")
def shown(superset: Superset, published: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """The rows of each chart on the marts of an engine."""
    url = published.url
    if url.startswith("duckdb"):
        url = f"duckdb:///{published.folder}/marts.duckdb?access_mode=read_only"
    superset.load(url)
    return {name: superset.rows(chart) for name, chart in superset.charts().items()}


def test_every_chart_shows_what_the_marts_hold(
    shown: dict[str, list[dict[str, Any]]], published: Warehouse
) -> None:
    assert shown.keys() == EXPECTED.keys()
    for name, sql in EXPECTED.items():
        held = marts(published, sql)
        assert counted(row.values() for row in shown[name]) == counted(held), name
        # a world without faults, in which a hundred days pass
        assert held or name in {"Checks that fail"}, name


def test_people_of_a_day_add_up_to_distinct_people(
    shown: dict[str, list[dict[str, Any]]], published: Warehouse
) -> None:
    people = published.rows(
        "select cast(activity.occurred_at at time zone 'UTC' as date) as active_day, "
        "count(distinct activity.user_key) as people "
        "from core.fct_user_activity as activity "
        "inner join core.dim_users as users on activity.user_key = users.user_key "
        "where activity.is_own_action "
        "and not users.is_test_account and not users.is_deleted group by 1"
    )
    days = shown["Active people by day"]
    assert sum(row["dau"] > 0 for row in days) > 50
    known = {row["metric_date"] for row in days}
    assert {(row["metric_date"], row["dau"]) for row in days if row["dau"]} == {
        (plain(row["active_day"]), row["people"])
        for row in people
        if plain(row["active_day"]) in known
    }


def test_charts_over_the_start_of_tracking_tell_the_days_before(
    shown: dict[str, list[dict[str, Any]]], published: Warehouse
) -> None:
    [(start,)] = marts(published, "select first_tracked_day from marts.about")
    flags = {True: "tracked", False: "before tracking: too low"}
    days = shown["Active people by day"]
    assert {row["tracking"] for row in days} == set(flags.values())
    for row in days:
        assert row["tracking"] == flags[row["metric_date"] >= plain(start)]
    for row in shown["Daily active people"]:
        assert row["metric_date"] >= plain(start)


def test_dashboards_show_their_charts(
    superset: Superset, shown: dict[str, list[dict[str, Any]]]
) -> None:
    found = superset.call("get", "dashboard/")["result"]
    charts = {
        dashboard["dashboard_title"]: superset.call(
            "get", f"dashboard/{dashboard['id']}/charts"
        )["result"]
        for dashboard in found
    }
    assert {title: len(of_it) for title, of_it in charts.items()} == DASHBOARDS
