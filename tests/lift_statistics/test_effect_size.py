"""Effect sizes against published numbers and their own definitions."""

import numpy as np
import pytest
from scipy import stats

from lift_statistics import d_z_interval, hedges_correction


def test_hedges_correction() -> None:
    """Hedges 1981: exact values, and the approximation where it is good enough."""
    result = hedges_correction(np.array([9.0, 2.0, 1e3, 1e8]))
    assert result[0] == pytest.approx(0.9139, abs=5e-5)
    assert result[1] == pytest.approx(1 / np.sqrt(np.pi), rel=1e-12)
    assert result[2] == pytest.approx(1 - 3 / (4e3 - 1), rel=1e-6)
    assert result[3] == pytest.approx(1 - 3 / (4e8 - 1), rel=1e-12)
    assert np.isnan(hedges_correction(np.array([1.0])))


@pytest.mark.parametrize("t", [-60.0, -4.0621277, -0.3, 0.0, 1.0, 12.0, 200.0])
@pytest.mark.parametrize("n", [2, 10, 500, 10_000])
def test_limits_are_the_effects_that_put_t_in_a_tail(t: float, n: int) -> None:
    low, high = d_z_interval(np.array([t]), np.array([n]), 0.05)
    for limit, tail in ((low[0], 0.975), (high[0], 0.025)):
        noncentrality = limit * np.sqrt(n)
        # the mirror image, because scipy loses digits left of zero
        probability = (
            stats.nct.cdf(t, n - 1, noncentrality)
            if t >= 0
            else 1 - stats.nct.cdf(-t, n - 1, -noncentrality)
        )
        assert probability == pytest.approx(tail, abs=1e-9)


def test_the_approximation_takes_over_without_a_step() -> None:
    t = np.array([3.0, -80.0])
    exact = d_z_interval(t, np.array([10_000, 10_000]), 0.05)
    approximate = d_z_interval(t, np.array([10_001, 10_001]), 0.05)
    assert np.array(exact) == pytest.approx(np.array(approximate), abs=1e-4)
