"""The input of the statistics step, from the counts of single recipients."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from steps.lift.observed.campaign_lift import campaign_lift
from steps.parameters import PushParameters

PARAMETERS = PushParameters(
    post_hours=48,
    baseline_hours=720,
    long_hours=2064,
    placebo_weeks=8,
    min_placebo_weeks=4,
    alpha=0.05,
    power=0.8,
    target_lift=0.1,
    false_discovery_rate=0.05,
    min_recipients=30,
    min_post_active=15,
    min_matched_share=0.8,
    full_matched_share=0.95,
    min_ess_share=0.25,
    max_smd=0.1,
    held_back_alpha=0.01,
    max_held_back_share=0.03,
    max_overlapping_share=0.5,
    min_holdout_users=500,
    srm_alpha=0.001,
    min_controls_ess=30,
    cap_active_share=0.05,
    balance_ridge=0.001,
    max_newton_steps=50,
    cap_quantile=0.999,
    iqr_factor=1.5,
    max_z=3,
    max_modified_z=3.5,
    max_baseline_cv=0.25,
    max_trend_pct_per_week=5,
    min_recent_ratio=0.8,
    max_recent_ratio=1.25,
)
COUNT = pa.int64()
KEYS = {"campaign_key": pa.string(), "metric": pa.string(), "baseline_hours": COUNT}
SUMS = pa.schema(
    KEYS
    | {
        "recipients": COUNT,
        "sum_post": COUNT,
        "sum_baseline": COUNT,
        "sum_post_squared": COUNT,
        "sum_baseline_squared": COUNT,
        "sum_post_baseline": COUNT,
        "post_active": COUNT,
    }
)
HISTOGRAM = pa.schema(
    KEYS | {"baseline_count": COUNT, "post_count": COUNT, "recipients": COUNT}
)
CAMPAIGNS = pa.schema(
    {
        "campaign_key": pa.string(),
        "n_incomplete": COUNT,
        "layer_id": COUNT,
        "title": pa.string(),
        "sent_at": pa.timestamp("us", "UTC"),
        "last_sent_at": pa.timestamp("us", "UTC"),
        "planned_share": pa.float64(),
        "input_digest": pa.string(),
    }
)

SENT_AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
Recipient = tuple[int, int, int]


def recipients(
    baseline: Iterable[int], post: Iterable[int], hours: int = 720
) -> list[Recipient]:
    """Pair counts before and after the push, with one baseline length for all."""
    return [(hours, int(x), int(y)) for x, y in zip(baseline, post, strict=True)]


def count_tables(
    campaigns: dict[tuple[str, str], list[Recipient]],
    open_campaigns: Collection[str] = (),
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Count as int_push_window_sums and int_push_window_histogram do.

    The third table says what is known of each campaign; that a recipient's window is
    still open, of some of them.
    """
    sums, histogram = [], []
    for (campaign, metric), people in campaigns.items():
        keys = {"campaign_key": campaign, "metric": metric}
        for hours in sorted({h for h, _, _ in people}) or [720]:
            pairs = [(x, y) for h, x, y in people if h == hours]
            sums.append(
                keys
                | {
                    "baseline_hours": hours,
                    "recipients": len(pairs),
                    "sum_post": sum(y for _, y in pairs),
                    "sum_baseline": sum(x for x, _ in pairs),
                    "sum_post_squared": sum(y * y for _, y in pairs),
                    "sum_baseline_squared": sum(x * x for x, _ in pairs),
                    "sum_post_baseline": sum(x * y for x, y in pairs),
                    "post_active": sum(y > 0 for _, y in pairs),
                }
            )
            histogram += [
                keys
                | {
                    "baseline_hours": hours,
                    "baseline_count": x,
                    "post_count": y,
                    "recipients": number,
                }
                for (x, y), number in Counter(pairs).items()
            ]
    return (
        pa.Table.from_pylist(sums, SUMS),
        pa.Table.from_pylist(histogram, HISTOGRAM),
        pa.Table.from_pylist(
            [
                {
                    "campaign_key": key,
                    "n_incomplete": int(key in open_campaigns),
                    "title": "One push",
                    "sent_at": SENT_AT,
                    "last_sent_at": SENT_AT,
                }
                for key in sorted({campaign for campaign, _ in campaigns})
            ],
            CAMPAIGNS,
        ),
    )


def lift_of(
    people: list[Recipient], parameters: PushParameters = PARAMETERS
) -> dict[str, Any]:
    """Return the one row that the step computes for these recipients."""
    tables = count_tables({("campaign", "sessions"): people})
    return campaign_lift(*tables, parameters).to_pylist()[0]
