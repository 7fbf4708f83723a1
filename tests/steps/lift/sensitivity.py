"""The robustness of single campaigns, from the counts of their recipients."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pyarrow as pa

from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.robustness.lift_robustness import lift_robustness
from steps.lift.robustness.outliers import find_outliers
from steps.parameters import PushParameters
from tests.steps.lift.counts import PARAMETERS, Recipient, count_tables

Campaigns = dict[tuple[str, str], list[Recipient]]
# events and recipients by day
Days = dict[int, tuple[int, int]]

DAILY = pa.schema(
    {
        "campaign_key": pa.string(),
        "metric": pa.string(),
        "days_after": pa.int64(),
        "recipients": pa.int64(),
        "events": pa.int64(),
    }
)
# a count is then a rate per day
DAILY_COUNTS = replace(PARAMETERS, post_hours=24, min_recipients=2, min_post_active=1)


def daily_table(campaigns: dict[tuple[str, str], Days]) -> pa.Table:
    """Count as agg_push_daily_response does."""
    rows = [
        {
            "campaign_key": campaign,
            "metric": metric,
            "days_after": day,
            "events": events,
            "recipients": recipients,
        }
        for (campaign, metric), days in campaigns.items()
        for day, (events, recipients) in days.items()
    ]
    return pa.Table.from_pylist(rows, DAILY)


def robustness_table(
    campaigns: Campaigns,
    matched: Campaigns | None = None,
    daily: dict[tuple[str, str], Days] | None = None,
    parameters: PushParameters = PARAMETERS,
    open_campaigns: Collection[str] = (),
) -> pa.Table:
    """Run the statistics on recipients, their matched windows and daily counts."""
    sums, histogram, known = count_tables(campaigns, open_campaigns)
    lift = campaign_lift(sums, histogram, known, parameters)
    matched_sums, *_ = count_tables(matched or {})
    return lift_robustness(
        lift,
        find_outliers(lift, histogram, parameters),
        matched_sums,
        daily_table(daily or {}),
        parameters,
    )


def robustness_of(
    people: list[Recipient],
    matched: list[Recipient] | None = None,
    daily: Days | None = None,
    parameters: PushParameters = PARAMETERS,
) -> dict[str, Any]:
    """Return the row of one campaign and metric."""
    key = ("campaign", "sessions")
    table = robustness_table(
        {key: people},
        None if matched is None else {key: matched},
        None if daily is None else {key: daily},
        parameters,
    )
    return table.to_pylist()[0]


def daily_lifts(rates: list[int]) -> list[Recipient]:
    """Return recipients with these lifts, for DAILY_COUNTS."""
    return [(24, max(-rate, 0), max(rate, 0)) for rate in rates]
