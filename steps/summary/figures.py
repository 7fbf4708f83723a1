"""The ten lines: each a number, what it is compared with, and how many it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from adbc_driver_manager.dbapi import Connection

from steps.report.formats import NOTHING, Row, share
from warehouse.tables import read

DAYS = """
    select
        metric_date as period, cast(sum(signups) as bigint) as signups,
        cast(sum(dau) as bigint) as active, cast(sum(total_users) as bigint) as people
    from agg_daily_metrics
    where is_complete
    group by metric_date
    order by metric_date desc
    limit 2
"""
COHORTS = """
    select cohort_start_date as period, active_users as back, cohort_size as people
    from agg_cohort_retention
    where
        cohort_period = 'week' and periods_since_signup = 1
        and is_mature and is_tracked
    order by cohort_start_date desc
    limit 2
"""
ASSISTANT = """
    select
        metric_date as period, results_downloaded + results_shared as kept,
        results_made as made, assistant_conversations as conversations,
        assistant_users as people, failed_jobs as failed, tool_jobs as jobs,
        credit_limits_reached as limited
    from agg_assistant_daily
    order by metric_date desc
    limit 2
"""
# a push may have changed one metric and not another
PUSHES = """
    select
        case
            when pushes.sent_at > as_of.as_of - interval '28 days' then 0
            when pushes.sent_at > as_of.as_of - interval '56 days' then 1
        end as age,
        count(*) as pushes,
        count(*) filter (where pushes.has_changed) as changed
    from (
        select
            campaign_key, min(sent_at) as sent_at,
            bool_or(verdict in ('significant_up', 'significant_down')) as has_changed
        from agg_push_campaign_lift
        group by campaign_key
    ) as pushes
    cross join (select max(as_of) as as_of from dim_source_systems) as as_of
    group by 1
"""
SYSTEMS = """
    select
        count(*) as systems,
        count(*) filter (
            where known_until_at is null
            or known_until_at < as_of - interval '24 hours'
        ) as lagging
    from dim_source_systems
    where is_configured
"""
CHECKS = """
    select count(*) as checks, count(*) filter (where not is_passed) as failed
    from agg_data_quality
    where
        is_passed is not null and severity in ('error', 'warn')
        and as_of = (select max(as_of) from agg_data_quality)
"""
TABLES = [
    "agg_daily_metrics",
    "agg_cohort_retention",
    "agg_assistant_daily",
    "agg_push_campaign_lift",
    "agg_data_quality",
]


@dataclass(frozen=True)
class Figure:
    """One line of the summary.

    Attributes:
        key: Its name in the JSON file.
        label: What is counted, and when.
        value: The number; None if it is not known.
        n: What it is a part of, or counted among.
        of: What n counts.
        before: The number it is compared with; None if there is none.
        n_before: What that is a part of.
        compared_with: What that is, in words.
    """

    key: str
    label: str
    value: int | None
    n: int | None
    of: str
    before: int | None = None
    n_before: int | None = None
    compared_with: str = ""

    @property
    def text(self) -> str:
        """The line, as a person reads it."""
        told = f"{self.label}: {_counted(self.value, self.n, self.of)}"
        if not self.compared_with:
            return told
        return f"{told}; {self.compared_with} {_counted(self.before, self.n_before)}"


def _counted(value: int | None, n: int | None, of: str = "") -> str:
    if value is None:
        return "not known"
    if n is None:
        return f"{value:,} {of}".strip()
    part = share(value / n) if n else NOTHING
    return f"{value:,} of {f'{n:,} {of}'.strip()} ({part})"


def read_figures(connection: Connection) -> list[Figure]:
    """Read the lines.

    Args:
        connection: Opened marts.
    """
    days, cohorts, assistant = (
        read(connection, query).to_pylist() for query in (DAYS, COHORTS, ASSISTANT)
    )
    pushes = {row["age"]: row for row in read(connection, PUSHES).to_pylist()}
    [systems] = read(connection, SYSTEMS).to_pylist()
    [checks] = read(connection, CHECKS).to_pylist()
    of_days, of_assistant = _pair(days, "day"), _pair(assistant, "day")
    months = [pushes.get(age, {"changed": 0, "pushes": 0}) for age in (0, 1)]
    figures = [
        of_days("signups", "Signed up", "signups", "people", "people"),
        of_days("active", "Active", "active", "people", "people"),
        _pair(cohorts, "week")(
            "retention", "Back a week after signing up", "back", "people", "people"
        ),
        Figure(
            "pushes",
            "Pushes of the last 28 days that changed something",
            *(months[0]["changed"], months[0]["pushes"], "pushes"),
            *(months[1]["changed"], months[1]["pushes"], "the 28 days before"),
        ),
        Figure(
            "failed",
            "Systems not known to the last day",
            *(systems["lagging"], systems["systems"], "systems"),
        ),
        Figure(
            "alerts",
            "Checks of the data that fail",
            *(checks["failed"], checks["checks"], "checks"),
        ),
    ]
    if assistant:
        figures[4:4] = [
            of_assistant("value", "Assistant, results kept", "kept", "made", "made"),
            of_assistant("use", "Assistant, people who came", "people", None, ""),
            of_assistant("blockers", "Assistant, failures", "failed", "jobs", "jobs"),
            of_assistant(
                "money", "Assistant, out of credits", "limited", "people", "people"
            ),
        ]
    return figures


def _pair(rows: list[Row], period: str) -> Callable[..., Figure]:
    """Return what makes a line of the newest of two rows, compared with the other."""

    def figure(key: str, label: str, value: str, n: str | None, of: str) -> Figure:
        newest, older = [*rows, {}, {}][:2]
        when = newest.get("period", f"the last {period}")
        date = f"in the week of {when}" if period == "week" else f"on {when}"
        return Figure(
            key,
            f"{label} {date}",
            *(newest.get(value), newest.get(n), of),
            *(older.get(value), older.get(n), f"the {period} before"),
        )

    return figure
