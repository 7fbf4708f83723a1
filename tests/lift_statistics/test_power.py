"""Power and sample size against published numbers and their own definitions."""

import numpy as np
import pytest

from lift_statistics import (
    minimum_detectable_effect,
    pairs_required,
    t_test_power,
)


def test_gpower_manual() -> None:
    """G*Power 3.1 manual, chapter 19 (Cohen 1969, p. 48): d_z 0.421637, 50 pairs."""
    power = t_test_power(np.array([0.421637]), np.array([50]), 0.05)
    assert power[0] == pytest.approx(0.832114, abs=5e-7)


def test_dalgaard() -> None:
    """Dalgaard, Introductory Statistics with R, p. 145: delta 10, sd 10 sqrt 2.

    The root that R prints is good to its tolerance of 1.2e-4.
    """
    pairs = pairs_required(np.array([1 / np.sqrt(2)]), 0.05, 0.85)
    assert pairs[0] == pytest.approx(19.96892, abs=1.2e-4)


def test_the_required_sample_is_the_smallest_one() -> None:
    effects = np.geomspace(1e-3, 1.5, 60)
    pairs = np.ceil(pairs_required(effects, 0.05, 0.8))
    exact = pairs <= 1_000_000
    assert (t_test_power(effects, pairs, 0.05)[exact] >= 0.8).all()
    assert (t_test_power(effects, pairs - 1, 0.05)[exact] < 0.8).all()
    assert (np.diff(pairs) <= 0).all()
    assert pairs[0] == pytest.approx((1.959964 + 0.841621) ** 2 / 1e-6, rel=1e-5)


def test_no_sample_shows_an_effect_of_zero() -> None:
    result = pairs_required(np.array([0.0, np.nan, 0.5]), 0.05, 0.8)
    assert np.isnan(result).tolist() == [True, True, False]


def test_a_giant_effect_needs_no_more_than_two_pairs() -> None:
    assert pairs_required(np.array([1e6]), 0.05, 0.8)[0] == 2


@pytest.mark.parametrize("sign", [1, -1])
def test_power_at_the_ends(sign: int) -> None:
    """No effect is found as often as alpha says; a large one for sure, at any n."""
    effects = sign * np.array([0, 0.01, 5, 100, 0.01])
    sizes = np.array([50, 10_000_000, 30, 30, 900_000])
    power = t_test_power(effects, sizes, 0.05)
    assert power == pytest.approx([0.05, 1, 1, 1, 1], abs=1e-6)


def test_the_normal_approximation_takes_over_without_a_step() -> None:
    power = t_test_power(np.full(2, 2.8e-3), np.array([1_000_000, 1_000_001]), 0.05)
    assert power[0] == pytest.approx(power[1], abs=1e-5)


def test_what_can_be_detected_has_about_the_power_asked_for() -> None:
    standard_error = np.array([0.3])
    effect = minimum_detectable_effect(standard_error, np.array([999.0]), 0.05, 0.8)
    standardised = effect / (standard_error * np.sqrt(1_000))
    power = t_test_power(standardised, np.array([1_000]), 0.05)
    assert power[0] == pytest.approx(0.8, abs=1e-3)
