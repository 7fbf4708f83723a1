"""Outlier rules against publications and plain loops over the recipients."""

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from scipy import stats

from tests.lift_statistics.test_weighted_groups import NIST_VALUES
from tests.steps.lift.counts import PARAMETERS, Recipient, recipients
from tests.steps.lift.sensitivity import (
    DAILY_COUNTS,
    daily_lifts,
    robustness_of,
    robustness_table,
)

RULES = ["iqr", "z", "modified_z"]
NUMBERS = ["lift", "sd", "t", "p", "low", "high"]


def lifts_of(people: list[Recipient], post_hours: int = 48) -> list[Fraction]:
    return [Fraction(24 * y, post_hours) - Fraction(24 * x, h) for h, x, y in people]


def quantile(values: list[Fraction], probability: Fraction) -> Fraction:
    """Type 7 of Hyndman & Fan 1996, without rounding."""
    values = sorted(values)
    rank = (len(values) - 1) * probability
    lower, upper = values[floor(rank)], values[ceil(rank)]
    return lower + (rank - floor(rank)) * (upper - lower)


def left_by_rule(lifts: list[Fraction], rule: str) -> list[Fraction] | None:
    """Return the lifts that a rule leaves, or None where it is not defined."""
    if rule == "iqr":
        first, third = (quantile(lifts, Fraction(p, 4)) for p in (1, 3))
        margin = Fraction(3, 2) * (third - first)
        bounds = (first - margin, third + margin) if margin else None
    elif rule == "z":
        mean = sum(lifts) / len(lifts)
        squares = sum((lift - mean) ** 2 for lift in lifts)
        # |lift - mean| > 3 sd, squared
        limit = 9 * squares / (len(lifts) - 1)
        return [lift for lift in lifts if (lift - mean) ** 2 <= limit]
    else:
        median = quantile(lifts, Fraction(1, 2))
        mad = quantile([abs(lift - median) for lift in lifts], Fraction(1, 2))
        margin = Fraction(35, 10) * mad / Fraction(6745, 10_000)
        bounds = (median - margin, median + margin) if margin else None
    if bounds is None:
        return None
    return [lift for lift in lifts if bounds[0] <= lift <= bounds[1]]


def people_with_outliers(random: np.random.Generator) -> list[Recipient]:
    """Few or many counts, ties and rare giants, and histories of several lengths."""
    number = random.integers(12, 80)
    rate = random.choice([0.2, 1, 4])
    return [
        (int(hours), int(before), int(after))
        for hours, before, after in zip(
            random.choice([168, 240, 720], number, p=[0.1, 0.1, 0.8]),
            random.poisson(5 * rate, number),
            random.negative_binomial(0.7, 0.7 / (0.7 + rate), number),
            strict=True,
        )
    ]


@pytest.mark.parametrize("rule", RULES)
def test_equals_a_loop_over_exact_fractions(rule: str) -> None:
    random = np.random.default_rng(23)
    campaigns = {
        (f"{number:02}", "sessions"): people_with_outliers(random)
        for number in range(60)
    }
    parameters = replace(PARAMETERS, min_recipients=2, min_post_active=1)
    rows = robustness_table(campaigns, parameters=parameters).to_pylist()
    removed = 0
    for row, people in zip(rows, campaigns.values(), strict=True):
        lifts = lifts_of(people)
        left = left_by_rule(lifts, rule)
        assert (row[f"{rule}_status"] == "ok") == (left is not None)
        if left is None:
            continue
        values = np.array(left, dtype=float)
        expected = stats.ttest_1samp(values, 0)
        interval = expected.confidence_interval()
        assert row[f"{rule}_outliers"] == len(lifts) - len(left)
        share = 1 - len(left) / len(lifts)
        assert row[f"{rule}_outlier_share"] == pytest.approx(share, abs=1e-15)
        assert row[f"{rule}_lift"] == pytest.approx(values.mean(), abs=1e-12)
        assert row[f"{rule}_sd"] == pytest.approx(values.std(ddof=1), rel=1e-9)
        assert row[f"{rule}_t"] == pytest.approx(expected.statistic, rel=1e-9)
        assert row[f"{rule}_p"] == pytest.approx(expected.pvalue, rel=1e-7)
        assert row[f"{rule}_low"] == pytest.approx(interval.low, abs=1e-9)
        assert row[f"{rule}_high"] == pytest.approx(interval.high, abs=1e-9)
        removed += len(lifts) - len(left)
    assert removed > 30


def test_nist_outlier() -> None:
    """NIST e-Handbook 7.1.6: of 90 values only 1441 lies beyond an inner fence."""
    row = robustness_of(daily_lifts(NIST_VALUES), parameters=DAILY_COUNTS)
    assert row["iqr_status"] == "ok"
    assert row["iqr_outliers"] == 1
    assert row["iqr_lift"] == pytest.approx(np.mean(NIST_VALUES[:-1]))


def test_iglewicz_and_hoaglin_modified_z() -> None:
    """NIST e-Handbook 1.3.5.17 on Iglewicz & Hoaglin 1993: |0.6745 (x - m)| / MAD.

    Median 3 and MAD 1, so that limits are 3 -/+ 3.5 / 0.6745 = -2.19 and 8.19.
    """
    row = robustness_of(
        daily_lifts([1, 2, 2, 3, 3, 3, 4, 4, 8, 9]), parameters=DAILY_COUNTS
    )
    assert row["modified_z_outliers"] == 1
    assert row["modified_z_lift"] == pytest.approx(30 / 9)


@pytest.mark.parametrize(
    ("n", "largest"), [(8, 2.474874), (10, 2.846050), (11, 3.015113)]
)
def test_shiffler_1988(n: int, largest: float) -> None:
    """The largest possible z score, (n - 1) / sqrt(n), is that of one odd value."""
    lifts = daily_lifts([0] * (n - 1) + [1])
    below, above = (
        robustness_of(lifts, parameters=replace(DAILY_COUNTS, max_z=limit))
        for limit in (largest - 1e-6, largest + 1e-6)
    )
    assert below["z_outliers"] == 1
    assert (above["z_outliers"], above["z_status"]) == (0, "n_too_small")


def test_who_is_on_a_fence_is_inside() -> None:
    """Lifts are thirtieths, no binary fractions: a rounded fence can miss them."""
    campaigns, beyond_rounded_fence = {}, 0
    for first in range(40):
        for spread in range(2, 20, 2):
            third = first + spread
            fences = first - 3 * spread // 2, third + 3 * spread // 2
            thirtieths = [fences[0], *[first] * 4, *[third] * 4, fences[1]]
            # an event a day less what makes up the lift
            campaigns[f"{first} {spread}", "sessions"] = recipients(
                [3_000 - number for number in thirtieths], [200] * 10
            )
            low, high = first / 30, third / 30
            beyond_rounded_fence += fences[1] / 30 > high + 1.5 * (high - low)
    parameters = replace(PARAMETERS, min_recipients=2)
    rows = robustness_table(campaigns, parameters=parameters).to_pylist()
    assert beyond_rounded_fence > 10
    assert {row["iqr_status"] for row in rows} == {"ok"}
    assert sum(row["iqr_outliers"] for row in rows) == 0


def test_a_rule_that_is_not_defined_removes_nobody() -> None:
    """Most of the audience did nothing: no range of quartiles, no deviation."""
    row = robustness_of(recipients([0] * 100, [0] * 95 + [4] * 5))
    assert (row["iqr_status"], row["modified_z_status"]) == ("zero_iqr", "zero_mad")
    for rule in ("iqr", "modified_z"):
        assert (row[f"{rule}_outliers"], row[f"{rule}_outlier_share"]) == (0, 0)
        assert {row[f"{rule}_{number}"] for number in NUMBERS} == {None}


def test_what_is_left_may_show_no_spread() -> None:
    """The z rule takes away all that five of a hundred users did."""
    parameters = replace(PARAMETERS, min_post_active=1)
    row = robustness_of(
        recipients([0] * 100, [0] * 95 + [4] * 5), parameters=parameters
    )
    assert (row["z_outliers"], row["z_outlier_share"]) == (5, 0.05)
    assert (row["z_lift"], row["z_sd"], row["z_t"]) == (0, 0, None)
    assert (row["z_p"], row["z_low"], row["z_high"]) == (1, 0, 0)
    assert row["z_status"] == "degenerate"


def test_the_cap_is_one_level_per_metric_for_both_periods() -> None:
    """Rates of all campaigns are pooled, each recipient with both periods."""
    random = np.random.default_rng(5)
    campaigns = {
        (campaign, metric): recipients(
            random.negative_binomial(1, 0.05, 80), random.negative_binomial(1, 0.4, 80)
        )
        for campaign in ("a", "b", "c")
        for metric in ("sessions", "trades")
    }
    parameters = replace(PARAMETERS, cap_quantile=0.9)
    rows = robustness_table(campaigns, parameters=parameters).to_pylist()
    for row in rows:
        pooled = [
            rate
            for (_, metric), people in campaigns.items()
            if metric == row["metric"]
            for _, x, y in people
            for rate in (x / 30, y / 2)
        ]
        cap = np.quantile(pooled, 0.9)
        people = campaigns[row["campaign_key"], row["metric"]]
        lifts = [min(y / 2, cap) - min(x / 30, cap) for _, x, y in people]
        expected = stats.ttest_1samp(lifts, 0)
        assert row["cap_level"] == pytest.approx(cap, rel=1e-12)
        changed = sum(max(y / 2, x / 30) > cap for _, x, y in people)
        assert row["capped_outliers"] == changed > 0
        assert row["capped_lift"] == pytest.approx(np.mean(lifts), abs=1e-12)
        assert row["capped_sd"] == pytest.approx(np.std(lifts, ddof=1), rel=1e-9)
        assert row["capped_t"] == pytest.approx(expected.statistic, rel=1e-9)
        assert row["capped_p"] == pytest.approx(expected.pvalue, rel=1e-7)
        assert row["capped_low"] == pytest.approx(expected.confidence_interval().low)
        assert row["capped_high"] == pytest.approx(expected.confidence_interval().high)
        assert row["capped_status"] == "ok"


def test_a_cap_of_zero_is_none() -> None:
    row = robustness_of(recipients([0] * 2_000, [0] * 1_999 + [2]))
    assert (row["cap_level"], row["capped_outliers"]) == (0, 0)
    assert {row[f"capped_{number}"] for number in NUMBERS} == {None}
    assert row["capped_status"] == "zero_cap"


@pytest.mark.parametrize(
    ("other", "sensitivity"),
    [
        # nobody to remove; one to remove, who makes no difference
        (1, "stable"),
        (20, "stable"),
        # a loss that leaves a mean of 0.1, far from certain
        (-90, "significance_change"),
        # a loss that outweighs all: without it the lift is again 1, and significant
        (-400, "sign_change"),
    ],
)
def test_sensitivity_tells_the_gravest_change(other: int, sensitivity: str) -> None:
    """A hundred recipients with a lift of 1 on average, and one other."""
    people = daily_lifts([*range(-4, 7)] * 9 + [1, other])
    row = robustness_of(people, parameters=DAILY_COUNTS)
    assert row["iqr_outliers"] == (other != 1)
    assert row["iqr_lift"] == pytest.approx(1)
    assert row["iqr_p"] < 0.05
    assert row["outlier_sensitivity"] == sensitivity


def test_the_order_of_rows_does_not_matter() -> None:
    random = np.random.default_rng(8)
    people = [
        (int(hours), int(before), int(after))
        for hours, before, after in zip(
            random.choice([168, 301, 720], 300),
            random.poisson(9, 300),
            random.negative_binomial(1, 0.3, 300),
            strict=True,
        )
    ]
    assert robustness_of(people) == robustness_of(people[::-1])
