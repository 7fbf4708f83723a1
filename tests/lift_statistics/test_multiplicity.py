"""The false discovery rate, against its first publication."""

import numpy as np
import pytest

from lift_statistics import q_values

# Benjamini & Hochberg 1995, section 4.1
P_VALUES = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def test_benjamini_and_hochberg_1995() -> None:
    q = q_values(np.array(P_VALUES))
    assert (q <= 0.05).sum() == 4
    # their comparison: Bonferroni's procedure rejects three
    assert sum(p <= 0.05 / len(P_VALUES) for p in P_VALUES) == 3
    assert q[3] == pytest.approx(0.035625, abs=1e-12)
    assert q[4] == pytest.approx(0.0603, abs=1e-12)


def test_missing_tests_do_not_count() -> None:
    with_gaps = np.array([np.nan, *P_VALUES, np.nan])
    q = q_values(with_gaps)
    assert np.isnan(q[[0, -1]]).all()
    assert q[1:-1] == pytest.approx(q_values(np.array(P_VALUES)))


@pytest.mark.parametrize("number", [0, 3])
def test_no_test_at_all(number: int) -> None:
    assert np.isnan(q_values(np.full(number, np.nan))).all()
