"""An independent computation of the product marts, from the sources themselves.

Written from METRICS.md and SOURCES.md with loops over Python lists; it shares no code
with the loaders or the models, and a few hundred users is all it is made for.
"""

from datetime import datetime

from tests.integration.product_brute_force.cohorts import cohort_retention
from tests.integration.product_brute_force.completion import profile_completion
from tests.integration.product_brute_force.content import content
from tests.integration.product_brute_force.days import daily_activity, daily_metrics
from tests.integration.product_brute_force.engagement import user_engagement
from tests.integration.product_brute_force.finder import finder, searches
from tests.integration.product_brute_force.funnel import activation_funnel
from tests.integration.product_brute_force.groups import groups_and_moderation, reports
from tests.integration.product_brute_force.messaging import logins, messaging
from tests.integration.product_brute_force.periods import (
    period_activity,
    period_metrics,
)
from tests.integration.product_brute_force.persons import posthog_persons
from tests.integration.product_brute_force.sharing import collections
from tests.integration.product_brute_force.sources import Sources
from tests.integration.product_brute_force.users import user_activity, users
from tests.integration.product_brute_force.world import World, world_at

__all__ = ["MARTS", "Sources", "World", "expected", "world_at"]

# What makes each mart, and the columns that identify its rows.
MARTS = {
    "core.dim_users": (users, ["user_key"]),
    "aggregates.agg_user_activity": (user_activity, ["user_key", "activity_type"]),
    "core.bridge_posthog_persons": (
        posthog_persons,
        ["distinct_id_hash", "ingestion_person_id"],
    ),
    "aggregates.agg_daily_metrics": (daily_metrics, ["metric_date", "user_type"]),
    "aggregates.agg_daily_activity": (
        daily_activity,
        ["metric_date", "user_type", "activity_type"],
    ),
    "aggregates.agg_weekly_metrics": (
        lambda world: period_metrics(world, "week"),
        ["week_start_date", "user_type"],
    ),
    "aggregates.agg_monthly_metrics": (
        lambda world: period_metrics(world, "month"),
        ["month_start_date", "user_type"],
    ),
    "aggregates.agg_weekly_activity": (
        lambda world: period_activity(world, "week"),
        ["week_start_date", "user_type", "activity_type"],
    ),
    "aggregates.agg_monthly_activity": (
        lambda world: period_activity(world, "month"),
        ["month_start_date", "user_type", "activity_type"],
    ),
    "aggregates.agg_cohort_retention": (
        cohort_retention,
        ["cohort_period", "cohort_start_date", "periods_since_signup"],
    ),
    "aggregates.agg_user_engagement": (
        user_engagement,
        ["user_key", "month_start_date"],
    ),
    "aggregates.agg_activation_funnel": (
        activation_funnel,
        ["cohort_month_start_date", "step_number"],
    ),
    "aggregates.agg_profile_completion": (profile_completion, ["metric_date"]),
    "aggregates.agg_content": (content, ["metric_date", "post_type"]),
    "aggregates.agg_finder": (finder, ["metric_date"]),
    "aggregates.agg_searches": (searches, ["metric_date", "intent"]),
    "aggregates.agg_collections": (collections, ["metric_date", "privacy"]),
    "aggregates.agg_groups_and_moderation": (groups_and_moderation, ["metric_date"]),
    "aggregates.agg_reports": (
        reports,
        ["metric_date", "report_reason", "report_status"],
    ),
    "aggregates.agg_messaging": (messaging, ["metric_date"]),
    "aggregates.agg_logins": (logins, ["metric_date"]),
}


def expected(sources: Sources, as_of: datetime, mart: str) -> dict[tuple, dict]:
    """Return the rows a mart must have at a moment, by their key."""
    make, key = MARTS[mart]
    rows = make(world_at(sources, as_of))
    return {tuple(row[column] for column in key): row for row in rows}
