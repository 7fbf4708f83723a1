"""Every query of the product page, by its name: each number on it comes from one."""

from steps.report.product.areas import ACTIVATION, ACTIVE, AREAS, RETENTION, SIGNUPS
from steps.report.product.measures import Area, Kinds, Measure
from warehouse.dialect import Dialect

# everybody is a finder or standard, so everybody's number is the sum of both
SEGMENTS = {"all": "Everybody", "finder": "Finder", "standard": "Standard"}
SPAN_DAYS = 28
MOST_SPANS = 13
WEEK_DAYS = 7
MOST_WEEKS = 53
MOST_MONTHS = 13
SPANNED = (ACTIVE, SIGNUPS, ACTIVATION, *AREAS)

SPANS = """
    select
        {segment} as segment, age,
        min(metric_date) as first_date, max(metric_date) as last_date,
        {measures}
    from (
        select
            *,
            cast(floor(days_back / {days}.0) as bigint) as age,
            days_back % {days} = 0 as is_last_day
        from (
            select *, {days_back} as days_back
            from {mart}
            where {known}
        ) as known_days
    ) as days
    where age < {most}
    group by {grouping}
    having count(distinct metric_date) = {days}
    order by age desc
"""
KINDS = """
    select {kinds}, cast(sum({value}) as bigint) as value
    from (
        select *, {days_back} as days_back
        from {mart}
        where is_complete
    ) as days
    where days_back < {days}
    group by {kinds}
    having sum({value}) > 0
    order by value desc, {kinds}
"""
# a week of which nobody knows who came back has no row
GROWTH = """
    select
        coalesce(user_type, 'all') as segment, week_start_date,
        cast(sum(new_active_users) as bigint) as new_active_users,
        cast(sum(retained_users) as bigint) as retained_users,
        cast(sum(returned_users) as bigint) as returned_users,
        cast(sum(churned_users) as bigint) as churned_users
    from agg_weekly_metrics
    where is_complete and is_tracked and retained_users is not null
    group by grouping sets ((week_start_date, user_type), (week_start_date))
    order by week_start_date
"""
# spans of four weeks, as a week is known only as a whole
RETURNS = """
    select
        segment, age,
        min(week_start_date) as first_date, max(week_start_date) + 6 as last_date,
        cast(sum(retained_users) as {double})
        / nullif(sum(retained_users + churned_users), 0) as retention_share,
        null as retention_share_of, true as is_retention_share_tracked
    from (
        select
            coalesce(user_type, 'all') as segment, week_start_date,
            sum(retained_users) as retained_users, sum(churned_users) as churned_users,
            cast(floor(min(days_back) / 28.0) as bigint) as age
        from (
            select *, {days_back} as days_back
            from agg_weekly_metrics
            where is_complete and is_tracked and retained_users is not null
        ) as known_weeks
        group by grouping sets ((week_start_date, user_type), (week_start_date))
    ) as weeks
    where age < 13
    group by segment, age
    having count(*) = 4
    order by age desc
"""
FUNNEL = """
    select
        step_number, step,
        min(cohort_month_start_date) as first_month,
        max(cohort_month_start_date) as last_month,
        cast(sum(users) as bigint) as users,
        bool_and(is_tracked) as is_tracked
    from agg_activation_funnel
    where cohort_month_start_date in (
        select distinct cohort_month_start_date
        from agg_activation_funnel
        where is_mature
        order by cohort_month_start_date desc
        limit 12
    )
    group by step_number, step
    order by step_number
"""
COHORTS = """
    select
        cohort_start_date, periods_since_signup, cohort_size, active_users,
        cohort_retention_share, is_tracked, is_mature
    from agg_cohort_retention
    where cohort_period = 'month'
    order by cohort_start_date desc, periods_since_signup
"""
LEVELS = """
    select
        coalesce(users.user_type, 'all') as segment,
        engagement.month_start_date, engagement.engagement_level,
        bool_and(engagement.is_tracked) as is_tracked,
        count(*) as users
    from agg_user_engagement as engagement
    inner join dim_users as users
        on engagement.user_key = users.user_key
    where engagement.is_complete
    group by grouping sets (
        (
            users.user_type, engagement.month_start_date,
            engagement.engagement_level
        ),
        (engagement.month_start_date, engagement.engagement_level)
    )
    order by engagement.month_start_date
"""
ACTIVITIES = """
    select
        coalesce(user_type, 'all') as segment, activity_type, age,
        max(metric_date) as last_date,
        cast(sum(activity_count) as bigint) as activities,
        cast(sum(actor_count) as {double})
        / count(distinct metric_date) as people_a_day,
        bool_and(is_tracked) as is_tracked,
        count(distinct metric_date) as days
    from (
        select
            *,
            cast(floor({days_back} / 28.0) as bigint) as age
        from agg_daily_activity
        where is_complete
    ) as days
    where age < 2
    group by grouping sets ((user_type, activity_type, age), (activity_type, age))
    order by age, activities desc, activity_type
"""
LIFECYCLE = """
    select
        coalesce(user_type, 'all') as segment, lifecycle_stage, count(*) as people
    from dim_users
    where lifecycle_stage is not null and not is_test_account and not is_deleted
    group by grouping sets ((user_type, lifecycle_stage), (lifecycle_stage))
"""
SYSTEMS = """
    select source_system, is_configured, known_until_at, tracking_started_at, as_of
    from dim_source_systems
    order by source_system
"""


def product_queries(dialect: Dialect) -> dict[str, str]:
    """Return the queries in the words of an engine."""
    double = dialect.type_name("double precision")

    def days_back(day: str, over: str = "") -> str:
        return dialect.days_between(day, f"max({day}) over ({over})")

    def spans(area: Area, days: int = SPAN_DAYS, most: int = MOST_SPANS) -> str:
        """Return the query of an area: one row per span and segment, the oldest first.

        Args:
            area: What to measure.
            days: How long a span is; the newest ends on the last day that is known.
            most: How many there are.
        """
        segment, grouping = "'all'", "age"
        if area.by_segment:
            segment = "coalesce(user_type, 'all')"
            grouping = "grouping sets ((age, user_type), (age))"
        measures = ",\n        ".join(map(_columns, area.measures))
        return SPANS.format(
            segment=segment,
            grouping=grouping,
            measures=measures.format(double=double),
            days_back=days_back("metric_date"),
            mart=area.mart,
            known=area.known,
            days=days,
            most=most,
        )

    def by_kind(kinds: Kinds) -> str:
        return KINDS.format(
            kinds=", ".join(kinds.columns),
            value=kinds.value,
            days_back=days_back("metric_date"),
            mart=kinds.mart,
            days=SPAN_DAYS,
        )

    return {
        "systems": SYSTEMS,
        **{area.key: spans(area) for area in SPANNED},
        **{f"{area.key} by kind": by_kind(area.kinds) for area in AREAS if area.kinds},
        "active by week": spans(ACTIVE, WEEK_DAYS, MOST_WEEKS),
        RETENTION.key: RETURNS.format(
            days_back=days_back("week_start_date"), double=double
        ),
        "growth": GROWTH,
        "funnel": FUNNEL,
        "cohorts": COHORTS,
        "levels": LEVELS,
        "activities": ACTIVITIES.format(
            days_back=days_back("metric_date", "partition by activity_type"),
            double=double,
        ),
        "lifecycle": LIFECYCLE,
    }


def _columns(measure: Measure) -> str:
    return (
        f"{measure.value} as {measure.name},\n"
        f"        {measure.of} as {measure.name}_of,\n"
        f"        {measure.tracked} as is_{measure.name}_tracked"
    )
