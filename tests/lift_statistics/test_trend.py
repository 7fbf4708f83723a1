"""Trends and their errors against a plain loop over the formula."""

import numpy as np
import pytest

from lift_statistics import newey_west_slope


def sandwich(series: np.ndarray, lags: int) -> tuple[float, float]:
    """Newey & West 1987: (X'X)^-1 S (X'X)^-1, with both columns of X."""
    n = len(series)
    design = np.column_stack([np.ones(n), np.arange(n)])
    coefficients = np.linalg.lstsq(design, series, rcond=None)[0]
    residuals = series - design @ coefficients
    middle = np.zeros((2, 2))
    for s in range(n):
        for t in range(n):
            if abs(s - t) <= lags:
                weight = 1 - abs(s - t) / (lags + 1)
                outer = np.outer(design[s], design[t])
                middle += weight * residuals[s] * residuals[t] * outer
    bread = np.linalg.inv(design.T @ design)
    covariance = bread @ middle @ bread * n / (n - 2)
    return coefficients[1], np.sqrt(covariance[1, 1])


@pytest.mark.parametrize("lags", [0, 1, 7])
def test_equals_the_sandwich_by_loops(lags: int) -> None:
    random = np.random.default_rng(2)
    series = random.normal(size=(20, 30)).cumsum(axis=1) + 50
    slopes, errors = newey_west_slope(series, lags)
    for row, slope, error in zip(series, slopes, errors, strict=True):
        assert (slope, error) == pytest.approx(sandwich(row, lags), rel=1e-9)


def test_autocorrelation_widens_the_error() -> None:
    """Waves of a fortnight: neighbours are alike, and there are few waves."""
    series = np.sin(np.arange(30) / 14 * 2 * np.pi)[np.newaxis]
    _, independent = newey_west_slope(series, 0)
    _, robust = newey_west_slope(series, 7)
    assert robust[0] > 1.2 * independent[0]


def test_a_missing_value_leaves_only_its_row_without_a_trend() -> None:
    series = np.tile(np.arange(30.0), (2, 1))
    series[0, 3] = np.nan
    slope, _ = newey_west_slope(series, 7)
    assert np.isnan(slope[0])
    assert slope[1] == pytest.approx(1)
