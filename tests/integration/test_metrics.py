"""Metrics asked for by name give what the marts hold."""

import csv
import shutil
from collections.abc import Iterator
from contextlib import chdir

import pytest

from tests.conftest import ENGINES, REPOSITORY
from tests.integration.conftest import Warehouse
from warehouse.profile import write_profile

# each metric of a month, written again by hand: measure, mart, day or month, rows
OF_A_MONTH = {
    "signups": ("sum(signups)", "daily_metrics", "metric_date", "true"),
    "activation_rate": (
        *("sum(activated_signups) * 1.0 / nullif(sum(signups), 0)", "daily_metrics"),
        *("metric_date", "true"),
    ),
    "activation_rate_30_days": (
        "sum(activated_signups_30_days) * 1.0 / nullif(sum(signups) "
        "filter (where activated_signups_30_days is not null), 0)",
        *("daily_metrics", "metric_date", "true"),
    ),
    "posts": ("sum(posts)", "content", "metric_date", "true"),
    "comments_per_post": (
        *("sum(comments) * 1.0 / nullif(sum(standing_posts), 0)", "content"),
        *("metric_date", "true"),
    ),
    "comments": (
        *("sum(activity_count)", "daily_activity", "metric_date"),
        "activity_type = 'comment'",
    ),
    "votes": ("sum(votes)", "finder", "metric_date", "true"),
    "searches": ("sum(searches)", "finder", "metric_date", "true"),
    "collections": (
        *("sum(collections_created)", "collections", "metric_date", "true"),
    ),
    "reports": ("sum(reports)", "groups_and_moderation", "metric_date", "true"),
    "messages": ("sum(messages)", "messaging", "metric_date", "true"),
    "logins": ("sum(logins)", "logins", "metric_date", "true"),
    "monthly_active_users": (
        *("sum(active_users)", "monthly_metrics"),
        *("month_start_date", "is_tracked"),
    ),
    "retention": (
        *(
            "sum(retained_users) * 1.0 "
            "/ nullif(sum(retained_users + churned_users), 0)",
            "monthly_metrics",
        ),
        *("month_start_date", "true"),
    ),
    "churned_users": (
        *("sum(churned_users)", "monthly_metrics"),
        *("month_start_date", "true"),
    ),
    "power_users": (
        *("count(*)", "user_engagement"),
        *("month_start_date", "engagement_level = 'power' and is_tracked"),
    ),
    "push_recipients": (
        *("count(distinct user_key)", "core.fct_push_recipients"),
        *("sent_at at time zone 'UTC'", "is_eligible_user"),
    ),
}

each_engine = pytest.mark.parametrize("engine", ENGINES)


def ask(warehouse: Warehouse, metrics: str, group_by: str) -> list[dict[str, str]]:
    """Ask for metrics as a user would; return the rows of the answer."""
    shutil.copy(REPOSITORY / "dbt_project.yml", warehouse.folder)
    url = warehouse.environ["WAREHOUSE_URL"]
    (warehouse.folder / ".env").write_text(f"WAREHOUSE_URL={url}\n")
    with chdir(warehouse.folder):
        write_profile()
    answer = warehouse.folder / "answer.csv"
    warehouse.run(
        *("env", f"DBT_PROJECT_DIR={warehouse.folder}", "mf", "query", "--quiet"),
        *("--metrics", metrics, "--group-by", group_by, "--csv", str(answer)),
    )
    with answer.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def values(rows: Iterator[tuple]) -> dict[tuple[str, ...], object]:
    """Return what is there by what it is of; nothing may be 0, null or no row."""
    return {
        tuple(str(part).removesuffix(" 00:00:00") for part in names): pytest.approx(
            float(value), rel=1e-9
        )
        for *names, value in rows
        if value not in ("", None) and float(value) != 0
    }


def answered(rows: list[dict[str, str]], metric: str, *names: str) -> dict:
    """Return the values of one metric in an answer."""
    return values([row[name] for name in (*names, metric)] for row in rows)


def held(warehouse: Warehouse, sql: str) -> dict:
    """Return the values of the last column of a query, by the other columns."""
    return values(tuple(row.values()) for row in warehouse.rows(sql))


@each_engine
def test_a_month_has_the_numbers_of_the_marts(
    warehouses: dict[str, Warehouse], engine: str
) -> None:
    warehouse = warehouses[engine]
    rows = ask(warehouse, ",".join(OF_A_MONTH), "metric_time__month")
    for metric, (measure, name, date, condition) in OF_A_MONTH.items():
        mart = name if "." in name else f"aggregates.agg_{name}"
        expected = held(
            warehouse,
            f"select cast(date_trunc('month', {date}) as date) as month, "
            f"cast({measure} as double precision) as value "
            f"from {mart} where {condition} group by 1",
        )
        assert expected, metric
        assert answered(rows, metric, "metric_time__month") == expected, metric


@each_engine
def test_active_users_of_each_kind_are_those_of_the_day(
    warehouses: dict[str, Warehouse], engine: str
) -> None:
    warehouse = warehouses[engine]
    names = ("metric_time__day", "daily_segment__user_type")
    rows = ask(warehouse, "dau,wau,mau,stickiness,total_users", ",".join(names))
    tracked = {
        "dau": "is_tracked",
        "wau": "is_wau_tracked",
        "mau": "is_mau_tracked",
        "stickiness": "is_mau_tracked",
        "total_users": "true",
    }
    for metric, condition in tracked.items():
        expected = held(
            warehouse,
            f"select metric_date, user_type, {metric} "
            f"from aggregates.agg_daily_metrics where {condition}",
        )
        assert answered(rows, metric, *names) == expected, metric


def test_distinct_users_are_not_added_up_over_days(
    warehouses: dict[str, Warehouse],
) -> None:
    warehouse = warehouses["duckdb"]
    rows = ask(warehouse, "mau,stickiness", "metric_time__quarter")
    [last] = warehouse.rows(
        "select cast(sum(mau) as bigint) as mau, sum(dau) / sum(mau) as stickiness "
        "from aggregates.agg_daily_metrics where is_complete "
        "group by metric_date order by metric_date desc limit 1"
    )
    newest = max(rows, key=lambda row: row["metric_time__quarter"])
    assert float(newest["mau"]) == last["mau"]
    assert float(newest["stickiness"]) == pytest.approx(last["stickiness"])


@each_engine
def test_retention_is_that_of_the_cohorts(
    warehouses: dict[str, Warehouse], engine: str
) -> None:
    warehouse = warehouses[engine]
    names = ("metric_time__month", "cohort__periods_since_signup")
    rows = ask(warehouse, "cohort_retention", ",".join(names))
    expected = held(
        warehouse,
        "select cohort_start_date, periods_since_signup, cohort_retention_share "
        "from aggregates.agg_cohort_retention "
        "where cohort_period = 'month' and is_tracked",
    )
    assert answered(rows, "cohort_retention", *names) == expected


def test_nobody_is_active_or_retained_before_the_app_was_tracked(
    warehouses: dict[str, Warehouse],
) -> None:
    """Whoever was busy there would look silent, and everybody new afterwards."""
    warehouse = warehouses["duckdb"]
    [tracking] = warehouse.rows(
        "select cast(date_trunc('month', tracking_started_at at time zone 'UTC') "
        "as date) as month from core.dim_source_systems "
        "where source_system = 'posthog'"
    )
    first = str(tracking["month"])
    names = "monthly_active_users,retention,new_active_users,signups"
    rows = {
        row.pop("metric_time__month")[:10]: row
        for row in ask(warehouse, names, "metric_time__month")
    }
    early = [row for month, row in rows.items() if month <= first]
    assert any(row["signups"] for row in early)
    for name in ("monthly_active_users", "retention", "new_active_users"):
        assert [row[name] for row in early if row[name]] == [], name
        assert any(row[name] for row in rows.values()), name
