"""Tallies against shares counted by hand."""

import pytest

from calibration.tally import Row, tally


def result(
    status: str,
    adjusted_percent: float | None = None,
    half_width: float = 10,
    p: float = 0.5,
) -> Row:
    """A row of the mart whose observed lift is 5 % more than the adjusted one."""
    has_lift = adjusted_percent is not None
    return {
        "observed_status": "ok" if has_lift else "too_few_events",
        "observed_p": p / 2,
        "observed_percent": adjusted_percent + 5 if has_lift else None,
        "design_tier": "T2a" if has_lift else "T3",
        "verdict": status,
        "adjusted_p": p,
        "adjusted_percent": adjusted_percent,
        "adjusted_percent_low": adjusted_percent - half_width if has_lift else None,
        "adjusted_percent_high": adjusted_percent + half_width if has_lift else None,
    }


def test_counted_by_hand() -> None:
    rows = [
        result("significant_up", adjusted_percent=34, p=0.01),
        result("inconclusive", adjusted_percent=12, p=0.08),
        result("underpowered", adjusted_percent=11, p=0.3, half_width=15),
        result("descriptive_only"),
        result("too_few_events"),
    ]
    found = tally(rows, true_lift=0.2, alpha=0.05)
    assert found.results == 5
    assert found.tiers == {"T2a": 3, "T3": 2}
    assert found.refused == 1 / 5
    assert found.decided == 3
    assert found.observed_significant == 2 / 3  # p of 0.005, 0.04 and 0.15
    assert found.significant == 1 / 3
    assert found.coverage == 2 / 3  # 20 is outside [24, 44] only
    assert found.bias == pytest.approx((14 - 8 - 9) / 3)
    assert found.observed_bias == pytest.approx((14 - 8 - 9) / 3 + 5)


def test_an_interval_without_bounds_covers_nothing_and_misses_nothing() -> None:
    unbounded = result("inconclusive", adjusted_percent=12) | {
        "adjusted_percent_low": None
    }
    assert tally([unbounded], true_lift=0.2, alpha=0.05).coverage is None


def test_nothing_decided() -> None:
    found = tally([result("descriptive_only")], true_lift=0.0, alpha=0.05)
    assert (found.refused, found.decided) == (1, 0)
    assert (found.significant, found.coverage, found.bias) == (None, None, None)
