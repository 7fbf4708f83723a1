"""The input of the statistics step, from the counts of single recipients."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from steps.campaign_lift import campaign_lift
from steps.parameters import PushParameters

PARAMETERS = PushParameters(
    post_hours=48,
    baseline_hours=720,
    alpha=0.05,
    power=0.8,
    target_lift=0.1,
    false_discovery_rate=0.05,
    min_recipients=30,
    min_post_active=30,
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

Recipient = tuple[int, int, int]


def recipients(
    baseline: Iterable[int], post: Iterable[int], hours: int = 720
) -> list[Recipient]:
    """Pair counts before and after the push, with one baseline length for all."""
    return [(hours, int(x), int(y)) for x, y in zip(baseline, post, strict=True)]


def count_tables(
    campaigns: dict[tuple[str, str], list[Recipient]],
) -> tuple[pa.Table, pa.Table]:
    """Count as agg_push_window_sums and agg_push_window_histogram do."""
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
    )


def lift_of(
    people: list[Recipient], parameters: PushParameters = PARAMETERS
) -> dict[str, Any]:
    """Return the one row that the step computes for these recipients."""
    sums, histogram = count_tables({("campaign", "sessions"): people})
    return campaign_lift(sums, histogram, parameters).to_pylist()[0]
