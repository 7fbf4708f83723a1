"""p-values and intervals against published numbers and their own definitions."""

import numpy as np
import pytest
from scipy import stats

from lift_statistics import (
    fieller_interval,
    log10_p_values,
    mean_interval,
    p_values,
)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_log10_of_p_values_that_no_double_holds() -> None:
    """Computed with 60-digit arithmetic."""
    result = log10_p_values(array(40, -100), array(9_999, 99_999))
    assert result[0] == pytest.approx(-323.955838, abs=5e-7)
    assert result[1] == pytest.approx(-2071.71071, abs=5e-6)


def test_log10_agrees_with_p_wherever_p_can_be_written() -> None:
    t = np.linspace(-37, 37, 1_001)
    for df in (1, 5, 100, 10_000, 1_000_000):
        degrees = np.full_like(t, df)
        p = p_values(t, degrees)
        assert log10_p_values(t, degrees) == pytest.approx(np.log10(p), rel=1e-10)


def test_log10_has_no_step_where_the_method_changes() -> None:
    """Slopes on both sides of the change at 1e-280 follow one smooth curve."""
    t = np.linspace(35.5, 36.5, 201)
    log10_p = log10_p_values(t, np.full_like(t, 1e6))
    assert log10_p.min() < -280 < log10_p.max()
    assert np.abs(np.diff(log10_p, 3)).max() < 1e-8


def test_mean_interval_agrees_with_scipy() -> None:
    low, high = mean_interval(array(2.0, -1.0), array(0.5, 3.0), array(4, 800), 0.1)
    expected = stats.t.interval(0.9, [4, 800], loc=[2, -1], scale=[0.5, 3])
    assert (low, high) == (pytest.approx(expected[0]), pytest.approx(expected[1]))


def test_fieller_printed_example() -> None:
    """The example of FIELLER in DC_STATS (Colquhoun; formula of Finney's book).

    14 with standard error 3 over 7 with standard error 2, 90 %, t(10) = 1.812461.
    """
    low, high = fieller_interval(
        array(14), array(7), array(9), array(4), array(0), array(10), 0.1
    )
    assert low[0] == pytest.approx(1.051413, abs=5e-7)
    assert high[0] == pytest.approx(4.414296, abs=5e-7)


def test_fieller_limits_are_the_ratios_a_paired_t_test_just_rejects() -> None:
    """The definition of the interval, by scipy's test on correlated counts."""
    random = np.random.default_rng(3)
    for _ in range(50):
        before = random.poisson(6, 40) + 0.0
        after = random.binomial(before.astype(int), 0.6) + random.poisson(2, 40)
        covariance = np.cov(after, before) / 40
        limits = fieller_interval(
            array(after.mean()),
            array(before.mean()),
            covariance[0, :1],
            covariance[1, 1:],
            covariance[0, 1:],
            array(39),
            0.05,
        )
        for limit in limits:
            p = stats.ttest_rel(after, limit[0] * before).pvalue
            assert p == pytest.approx(0.05, abs=1e-9)


def test_fieller_has_no_bounds_if_the_denominator_may_be_zero() -> None:
    limits = fieller_interval(
        array(5), array(1), array(1), array(1), array(0), array(30), 0.05
    )
    assert np.isnan(limits).all()
