"""Weighted statistics are those of the expanded values, group by group."""

import numpy as np
import pytest

from lift_statistics import weighted_moments, weighted_quantiles

# NIST/SEMATECH e-Handbook of Statistical Methods, section 7.1.6
NIST_VALUES = [
    *(30, 171, 184, 201, 212, 250, 265, 270, 272, 289, 305, 306, 322, 322, 336),
    *(346, 351, 370, 390, 404, 409, 411, 436, 437, 439, 441, 444, 448, 451, 453),
    *(470, 480, 482, 487, 494, 495, 499, 503, 514, 521, 522, 527, 548, 550, 559),
    *(560, 570, 572, 574, 578, 585, 592, 592, 607, 616, 618, 621, 629, 637, 638),
    *(640, 656, 668, 707, 709, 719, 737, 739, 752, 758, 766, 792, 792, 794, 802),
    *(818, 830, 832, 843, 858, 860, 869, 918, 925, 953, 991, 1000, 1005, 1068, 1441),
]


def test_nist_quartiles() -> None:
    """NIST prints type-6 quartiles (429.75, 742.25); of type 7 they are these."""
    values, weights = np.unique(np.array(NIST_VALUES, dtype=float), return_counts=True)
    assert weights.sum() == 90
    quartiles = weighted_quantiles(
        values, weights, np.zeros(len(values), dtype=int), 1, [0.25, 0.5, 0.75]
    )
    assert quartiles[:, 0].tolist() == [436.25, 559.5, 738.5]
    type_6 = np.quantile(NIST_VALUES, [0.25, 0.5, 0.75], method="weibull")
    assert type_6.tolist() == [429.75, 559.5, 742.25]


def test_nist_numacc4() -> None:
    """NIST StRD: a mean of 1e7 with a deviation of 0.1."""
    moments = weighted_moments(
        np.array([10_000_000.2, 10_000_000.1, 10_000_000.3]),
        np.array([1, 500, 500]),
        np.zeros(3, dtype=int),
        1,
    )
    assert moments.mean[0] == pytest.approx(10_000_000.2, rel=1e-15)
    # the doubles nearest to the data are themselves 2e-9 off
    assert moments.sd[0] == pytest.approx(0.1, rel=1e-7)


def test_equals_numpy_on_expanded_values() -> None:
    random = np.random.default_rng(11)
    group = random.integers(0, 30, 400)
    group[group == 17] = 3
    values = np.round(random.normal(size=400), 1)
    weights = random.integers(1, 9, 400)
    probabilities = [0, 0.1, 0.25, 0.5, 0.999, 1]
    quantiles = weighted_quantiles(values, weights, group, 31, probabilities)
    moments = weighted_moments(values, weights, group, 31)
    for number in range(31):
        people = np.repeat(values[group == number], weights[group == number])
        assert moments.n[number] == len(people)
        if len(people) == 0:
            assert np.isnan([*quantiles[:, number], moments.mean[number]]).all()
            continue
        assert quantiles[:, number] == pytest.approx(
            np.quantile(people, probabilities), abs=1e-12
        )
        assert moments.mean[number] == pytest.approx(people.mean(), abs=1e-12)
        assert moments.sd[number] == pytest.approx(people.std(ddof=1), rel=1e-12)


def test_equal_values_have_exactly_no_spread() -> None:
    """Sums of 0.1 and 1/3 are rounded; one value alone has no deviation."""
    values = np.array([0.1, 1 / 3, 1 / 3, 0.7])
    weights = np.array([7, 10, 11, 1])
    moments = weighted_moments(values, weights, np.array([0, 1, 1, 2]), 3)
    assert moments.mean.tolist() == [0.1, 1 / 3, 0.7]
    assert moments.sd[:2].tolist() == [0, 0]
    assert np.isnan(moments.sd[2])


def test_a_weight_may_be_as_large_as_an_audience() -> None:
    values, weights = np.array([0.0, 1.0]), np.array([6_000_000, 4_000_000])
    group = np.zeros(2, dtype=int)
    quantiles = weighted_quantiles(values, weights, group, 1, [0.5, 0.7])
    assert quantiles[:, 0].tolist() == [0, 1]
    assert weighted_moments(values, weights, group, 1).mean[0] == 0.4
