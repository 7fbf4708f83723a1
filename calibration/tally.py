"""What many results say together, where the truth is known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Row = dict[str, Any]

REFUSED = "descriptive_only"
DECIDED = ("significant_up", "significant_down", "underpowered", "inconclusive")


@dataclass(frozen=True)
class Tally:
    """Shares of results; None where there is nothing to take a share of.

    Attributes:
        results: Number of results.
        tiers: How many results each design tier has.
        refused: Share for which the method makes no claim about the cause.
        decided: How many are not refused and have events enough for a verdict.
        observed_significant: Share of observed tests with p <= alpha.
        significant: Share of verdicts with adjusted p <= alpha.
        coverage: Share of the verdicts' intervals that hold the true lift.
        observed_bias: Mean observed minus true lift, percentage points.
        bias: The same of the adjusted lift.
    """

    results: int
    tiers: Counter[str]
    refused: float | None
    decided: int
    observed_significant: float | None
    significant: float | None
    coverage: float | None
    observed_bias: float | None
    bias: float | None


def tally(rows: Sequence[Row], true_lift: float, alpha: float) -> Tally:
    """Compare rows of agg_push_campaign_lift with their true lift.

    Args:
        rows: The rows; all have the same true lift.
        true_lift: It, as a share of the level without the push.
        alpha: The level of tests and intervals.
    """
    truth = 100 * true_lift
    observed = [row for row in rows if row["observed_status"] == "ok"]
    decided = [row for row in rows if row["verdict"] in DECIDED]
    bounded = [row for row in decided if row["adjusted_percent_low"] is not None]
    return Tally(
        results=len(rows),
        tiers=Counter(row["design_tier"] for row in rows),
        refused=_mean(row["verdict"] == REFUSED for row in rows),
        decided=len(decided),
        observed_significant=_mean(row["observed_p"] <= alpha for row in observed),
        significant=_mean(row["adjusted_p"] <= alpha for row in decided),
        coverage=_mean(
            row["adjusted_percent_low"] <= truth <= row["adjusted_percent_high"]
            for row in bounded
        ),
        observed_bias=_mean(row["observed_percent"] - truth for row in observed),
        bias=_mean(row["adjusted_percent"] - truth for row in decided),
    )


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return float(np.mean(numbers)) if numbers else None
