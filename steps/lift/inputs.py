"""What the statistics step reads, besides the cells of matched users."""

from dataclasses import dataclass

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from warehouse.tables import read

WINDOW_SUMS = """
    select
        campaign_key, metric, baseline_hours, recipients, sum_post, sum_baseline,
        sum_post_squared, sum_baseline_squared, sum_post_baseline, post_active
    from intermediate.{model}
"""
HISTOGRAM = """
    select
        campaign_key, metric, baseline_hours, baseline_count, post_count, recipients
    from intermediate.int_push_window_histogram
"""
DAILY_RESPONSE = """
    select campaign_key, metric, days_after, recipients, events
    from aggregates.agg_push_daily_response
"""
CAMPAIGNS = """
    select
        counts.campaign_key, counts.n_incomplete, campaigns.layer_id,
        campaigns.title, campaigns.sent_at, campaigns.last_sent_at,
        holdouts.planned_share, cells.input_digest
    from intermediate.int_push_recipient_counts as counts
    inner join core.dim_campaigns as campaigns
        on counts.campaign_key = campaigns.campaign_key
    left join (
        select campaign_key, max(planned_share) as planned_share
        from intermediate.int_push_holdouts
        group by campaign_key
    ) as holdouts
        on counts.campaign_key = holdouts.campaign_key
    left join (
        select campaign_key, max(input_digest) as input_digest
        from intermediate.int_push_matched_cells
        group by campaign_key
    ) as cells
        on counts.campaign_key = cells.campaign_key
"""


@dataclass(frozen=True)
class Inputs:
    """Tables that are small enough to be read whole.

    Attributes:
        campaigns: What is known of each campaign: `campaign_key`, `n_incomplete`,
            `layer_id`, `title`, `sent_at`, `last_sent_at`, `planned_share` of a
            holdout, and `input_digest` of its cells.
        sums: `int_push_window_sums`.
        matched_sums: `int_push_matched_window_sums`.
        histogram: `int_push_window_histogram`.
        daily_response: `agg_push_daily_response`.
    """

    campaigns: pa.Table
    sums: pa.Table
    matched_sums: pa.Table
    histogram: pa.Table
    daily_response: pa.Table


def read_inputs(connection: Connection) -> Inputs:
    """Read the tables.

    Raises:
        UserError: a query does not run.
    """
    return Inputs(
        campaigns=read(connection, CAMPAIGNS),
        sums=read(connection, WINDOW_SUMS.format(model="int_push_window_sums")),
        matched_sums=read(
            connection, WINDOW_SUMS.format(model="int_push_matched_window_sums")
        ),
        histogram=read(connection, HISTOGRAM),
        daily_response=read(connection, DAILY_RESPONSE),
    )
