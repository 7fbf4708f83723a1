"""Correlation between the lifts of metrics, against scipy."""

import numpy as np
import pytest
from scipy import stats

from steps.lift.pooled.metric_correlation import metric_correlation
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.test_pooled import Lift, adjusted_table, observed_table

NUMBERS = ["correlation", "correlation_low", "correlation_high", "correlation_p"]


def lifts_of(metric: str, lifts: list[float]) -> list[Lift]:
    return [(f"{number:02}", metric, lift, 0.1) for number, lift in enumerate(lifts)]


def test_agrees_with_scipy() -> None:
    random = np.random.default_rng(9)
    first = random.normal(size=12)
    second = first + random.normal(size=12)
    # the last two campaigns have no valid lift of the second metric
    observed = lifts_of("sessions", [*first, 9, 9]) + lifts_of("trades", second)
    adjusted = lifts_of("sessions", first[:5]) + lifts_of("trades", -second[:5])
    table = metric_correlation(
        observed_table(observed), adjusted_table(adjusted), PARAMETERS
    )
    rows = {row["estimate"]: row for row in table.to_pylist()}
    for estimate, (x, y) in {
        "observed": (first, second),
        "adjusted": (first[:5], -second[:5]),
    }.items():
        expected = stats.pearsonr(x, y)
        interval = expected.confidence_interval(0.95)
        row = rows[estimate]
        assert (row["metric"], row["other_metric"]) == ("sessions", "trades")
        assert row["campaigns"] == len(x)
        assert row["correlation"] == pytest.approx(expected.statistic)
        assert row["correlation_low"] == pytest.approx(interval.low)
        assert row["correlation_high"] == pytest.approx(interval.high)
        assert row["correlation_p"] == pytest.approx(expected.pvalue)


def test_every_pair_of_metrics_has_a_row() -> None:
    lifts = [
        lift for metric in ("b", "c", "a") for lift in lifts_of(metric, [1, 2, 4, 3])
    ]
    table = metric_correlation(observed_table(lifts), adjusted_table([]), PARAMETERS)
    rows = table.to_pylist()
    assert [(row["metric"], row["other_metric"]) for row in rows] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]
    assert {row["correlation"] for row in rows} == {1}
    assert {row["correlation_p"] for row in rows} == {0}


@pytest.mark.parametrize(
    ("second", "campaigns"), [([1, 2, 4], 3), ([2, 2, 2, 2, 2], 5)]
)
def test_few_campaigns_or_equal_lifts_show_nothing(
    second: list[float], campaigns: int
) -> None:
    lifts = lifts_of("sessions", [1, 2, 5, 4, 3]) + lifts_of("trades", second)
    table = metric_correlation(observed_table(lifts), adjusted_table([]), PARAMETERS)
    (row,) = table.to_pylist()
    assert row["campaigns"] == campaigns
    assert {row[number] for number in NUMBERS} == {None}


def test_invalid_lifts_do_not_count() -> None:
    lifts = lifts_of("sessions", [1, 2, 5, 4]) + lifts_of("trades", [1, 2, 3, 4])
    table = metric_correlation(
        observed_table(lifts, "too_few_events"),
        adjusted_table(lifts, "descriptive_only"),
        PARAMETERS,
    )
    assert table.num_rows == 0
