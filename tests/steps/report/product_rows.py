"""A small product of which every number is worked out by hand.

Nine weeks to Saturday, 31 October 2026, so two spans of 28 days and a week before them.
The app is tracked since 1 October: what people did before is not all known.
"""

from datetime import UTC, date, datetime, timedelta

from steps.marts import open_marts
from steps.report.banner import read_banner
from steps.report.product.data import TABLES, Product, read_product
from steps.report.product.page import render_product
from steps.status.alerts import MART as ALERTS
from steps.summary.figures import TABLES as SUMMARY_TABLES
from tests.steps.warehouses import Row, mart_table, write_tables

AS_OF = datetime(2026, 11, 1, 6, tzinfo=UTC)
LAST_DAY = date(2026, 10, 31)
DAYS = 63
TRACKED_FROM = date(2026, 10, 1)
CONFIGURED = ("posthog", "chemlink", "engagement")


def systems(**changed: Row) -> list[Row]:
    """Return all systems as of 1 November; kratos is not loaded.

    Args:
        changed: Other values of a system, by its name.
    """
    tracked = datetime(2026, 10, 1, tzinfo=UTC)
    return [
        {
            "source_system": name,
            "is_configured": name in CONFIGURED,
            "known_until_at": AS_OF if name in CONFIGURED else None,
            "tracking_started_at": tracked if name == "posthog" else None,
            "as_of": AS_OF,
        }
        | changed.get(name, {})
        for name in (*CONFIGURED, "kratos")
    ]


def known_days() -> list[tuple[date, int]]:
    """Return the days that are known, each with its age in spans of 28 days."""
    days = [LAST_DAY - timedelta(days=back) for back in reversed(range(DAYS))]
    return [(day, (LAST_DAY - day).days // 28) for day in days]


def daily_metrics(tracked_from: date = TRACKED_FROM) -> list[Row]:
    """Return days of 8 active standard users, 10 in the last span, and of 5 finders.

    Args:
        tracked_from: Since when all systems are.
    """
    rows = []
    for day, age in known_days():
        standard = {
            "signups": 3 if age == 0 else 2,
            "activated_signups_30_days": None if age == 0 else 1,
            "dau": 10 if age == 0 else 8,
            "wau": 40 if age == 0 else 30,
            "mau": 80,
            "total_users": 200,
        }
        finder = {
            "signups": 1,
            "activated_signups_30_days": None if age == 0 else 1,
            "dau": 5,
            "wau": 10,
            "mau": 20,
            "total_users": 50,
        }
        flags = {
            "is_complete": True,
            "is_tracked": day >= tracked_from,
            "is_wau_tracked": day >= tracked_from + timedelta(days=6),
            "is_mau_tracked": day >= tracked_from + timedelta(days=29),
        }
        rows += [
            {"metric_date": day, "user_type": user_type} | values | flags
            for user_type, values in (("standard", standard), ("finder", finder))
        ]
    # of the day that has begun nothing is known yet
    open_day = {"metric_date": LAST_DAY + timedelta(days=1), "is_complete": False}
    return [*rows, open_day | {"user_type": "standard", "is_tracked": True}]


def weekly_metrics() -> list[Row]:
    """Return eight weeks; of the first nobody knows who came back."""
    last = date(2026, 10, 19)
    weeks = [last - timedelta(weeks=back) for back in reversed(range(8))]
    return [
        {
            "week_start_date": week,
            "user_type": user_type,
            "is_complete": True,
            "is_tracked": True,
            "retained_users": 30 if number else None,
            "churned_users": 10 if number else None,
            "new_active_users": 4 if number else None,
            "returned_users": 6 if number else None,
        }
        for number, week in enumerate(weeks)
        for user_type in ("standard", "finder")
    ]


def funnel() -> list[Row]:
    """Return a month of which everybody is old enough, and one of which nobody is."""
    users = {
        "signed_up": 100,
        "basic_info": 90,
        "experience": 40,
        "education": 35,
        "complete_profile": 30,
        "first_activity": 24,
        "engaged": 12,
    }
    return [
        {
            "cohort_month_start_date": month,
            "step_number": number,
            "step": step,
            "users": people,
            "is_tracked": step != "engaged",
            "is_mature": month.month == 6,
        }
        for month in (date(2026, 6, 1), date(2026, 10, 1))
        for number, (step, people) in enumerate(users.items(), 1)
    ]


def cohorts() -> list[Row]:
    """Return a cohort of September: untracked, tracked, and open."""
    cells = [(0, False, True, 20, 0.5), (1, True, True, 10, 0.25), (2, True, False)]
    return [
        {
            "cohort_period": "month",
            "cohort_start_date": date(2026, 9, 1),
            "periods_since_signup": since,
            "cohort_size": 40,
            "is_tracked": is_tracked,
            "is_mature": is_mature,
            "active_users": values[0] if values else None,
            "cohort_retention_share": values[1] if values else None,
        }
        for since, is_tracked, is_mature, *values in cells
    ]


def people() -> list[tuple[Row, Row]]:
    """Return people and how engaged each was: 4 power, 2 of them finders, 6 casual."""
    kinds = [("power", "standard")] * 2 + [("power", "finder")] * 2
    kinds += [("casual", "standard")] * 6
    return [
        (
            {
                "user_key": f"user{number}",
                "user_type": user_type,
                "lifecycle_stage": "engaged" if level == "power" else "dormant",
                "is_test_account": False,
                "is_deleted": False,
            },
            {
                "user_key": f"user{number}",
                "month_start_date": date(2026, 10, 1),
                "engagement_level": level,
                "is_tracked": True,
                "is_complete": True,
            },
        )
        for number, (level, user_type) in enumerate(kinds)
    ]


def activities() -> list[Row]:
    """Return days of 3 trades by 2 people, tracked since October, and 2 posts by 1."""
    return [
        {
            "metric_date": day,
            "user_type": "standard",
            "activity_type": activity,
            "activity_count": done + (1 if age == 0 else 0),
            "actor_count": done - 1,
            "is_tracked": day >= since,
            "is_complete": True,
        }
        for day, age in known_days()
        for activity, done, since in (
            ("confirmed_trades", 3, TRACKED_FROM),
            ("post", 2, date(2026, 1, 1)),
        )
    ]


def content() -> list[Row]:
    """Return days with 2 texts, one with a comment, and a deleted picture."""
    return [
        {
            "metric_date": day,
            "post_type": kind,
            "posts": posts,
            "standing_posts": standing,
            "comments": commented,
            "commented_posts": commented,
            "is_complete": True,
        }
        for day, age in known_days()
        for kind, posts, standing, commented in (
            ("text", 2, 2, 1 if age == 0 else 0),
            ("image", 1, 0, 0),
        )
    ]


def world(**changed: list[Row]) -> dict[str, list[Row]]:
    """Return the rows of each mart; of the Finder, groups and messages there are none.

    Args:
        changed: Other rows of a mart, by its name.
    """
    users = people()
    rows = {name: [] for name in (*TABLES, *SUMMARY_TABLES, ALERTS)}
    return rows | {
        "dim_source_systems": systems(),
        "agg_daily_metrics": daily_metrics(),
        "agg_weekly_metrics": weekly_metrics(),
        "agg_activation_funnel": funnel(),
        "agg_cohort_retention": cohorts(),
        "dim_users": [user for user, _ in users],
        "agg_user_engagement": [level for _, level in users],
        "agg_daily_activity": activities(),
        "agg_content": content(),
        **changed,
    }


def write_world(url: str, rows: dict[str, list[Row]]) -> None:
    """Write the marts into an empty warehouse."""
    core = ("dim_users", "dim_source_systems")
    write_tables(
        url,
        {
            f"{'core' if name in core else 'aggregates'}.{name}": mart_table(name, of)
            for name, of in rows.items()
        },
    )


def page_of(url: str) -> tuple[Product, str]:
    """Return what is read of a warehouse, and the page of it."""
    with open_marts(url, is_unpublished=True) as marts:
        product = read_product(marts)
        return product, render_product(read_banner(marts), product)
