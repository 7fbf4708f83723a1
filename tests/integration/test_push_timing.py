"""The marts on timing against NumPy, recipient by recipient."""

import math
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from tests.conftest import ENGINES
from tests.integration.conftest import Warehouse

HOURS = [-1, 0, 24, 48, 72, 168, 720]
PUSHES = [0, 1, 2, 4, 8, 16]
RECIPIENTS = """
    select
        recipients.campaign_key, recipients.sent_at, recipients.baseline_hours,
        pushes.hours_since_previous_push, pushes.pushes_previous_30_days,
        coalesce(windows.post_count, 0) as post_count,
        coalesce(windows.baseline_count, 0) as baseline_count
    from core.fct_push_recipients as recipients
    inner join core.dim_campaigns as campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join core.fct_notifications as pushes
        on recipients.campaign_key = pushes.campaign_key
        and recipients.user_key = pushes.user_key
    left join core.fct_push_windows as windows
        on recipients.campaign_key = windows.campaign_key
        and recipients.user_key = windows.user_key
        and windows.metric = 'sessions'
    where recipients.is_included and not campaigns.is_test
"""


def buckets(row: dict[str, Any]) -> dict[str, int]:
    """Return the lower bound of the bucket that a recipient is in, by dimension."""
    sent_at: datetime = row["sent_at"]
    hours = row["hours_since_previous_push"]
    pushes = row["pushes_previous_30_days"]
    since = -1 if hours is None else hours
    return {
        "send_hour": sent_at.hour,
        "weekday": sent_at.isoweekday(),
        "hours_since_last_push": HOURS[bisect_right(HOURS, since) - 1],
        "pushes_in_30_days": PUSHES[bisect_right(PUSHES, pushes) - 1],
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_timing_is_what_numpy_makes_of_the_recipients(
    warehouses: dict[str, Warehouse], engine: str
) -> None:
    expected = defaultdict(list)
    for row in warehouses[engine].rows(RECIPIENTS):
        lift = (
            row["post_count"] / 2 - 24 * row["baseline_count"] / row["baseline_hours"]
        )
        for bucket in buckets(row).items():
            expected[bucket].append((lift, row["campaign_key"]))
    timing = warehouses[engine].rows(
        "select * from aggregates.agg_push_timing where metric = 'sessions'"
    )
    assert {(row["dimension"], row["lower_bound"]) for row in timing} == set(expected)
    for row in timing:
        lifts, campaigns = zip(
            *expected[row["dimension"], row["lower_bound"]], strict=True
        )
        assert row["recipients"] == len(lifts)
        assert row["campaigns"] == len(set(campaigns))
        assert math.isclose(row["observed_lift"], np.mean(lifts), abs_tol=1e-12)
        if len(lifts) > 1:
            assert math.isclose(
                row["observed_sd"], np.std(lifts, ddof=1), abs_tol=1e-12
            )
