"""Means, deviations and medians from sums are those of the people themselves."""

from fractions import Fraction
from statistics import mean, median, variance

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.lift.observed.medians import lift_medians
from steps.lift.observed.moments import exact_moments
from tests.steps.lift.counts import Recipient, count_tables, recipients

people_of_any_kind = st.lists(
    st.tuples(st.integers(168, 720), st.integers(0, 10**6), st.integers(0, 10**6)),
    min_size=2,
    max_size=25,
)


@given(people=people_of_any_kind)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_equals_the_moments_of_exact_fractions(people: list[Recipient]) -> None:
    """Exact to the last digit: one rounding, however many baseline lengths."""
    sums, histogram, _ = count_tables({("campaign", "sessions"): people})
    moments = exact_moments(sums, post_hours=48)
    baseline = [Fraction(24 * x, hours) for hours, x, _ in people]
    post = [Fraction(y, 2) for _, _, y in people]
    lift = [y - x for x, y in zip(baseline, post, strict=True)]
    assert moments.baseline_mean[0] == float(mean(baseline))
    assert moments.post_mean[0] == float(mean(post))
    assert moments.lift_mean[0] == float(mean(lift))
    assert moments.baseline_variance[0] == float(variance(baseline))
    assert moments.post_variance[0] == float(variance(post))
    assert moments.lift_variance[0] == float(variance(lift))
    medians = lift_medians(histogram, moments, post_hours=48)
    assert medians[0] == pytest.approx(float(median(lift)), rel=1e-15)


def test_nist_numacc4() -> None:
    """NIST StRD: a mean of 1e7 with a deviation of 0.1 defeats sums of doubles.

    In tenths, counted in windows of ten days; two baseline lengths keep each sum of
    squares within a BIGINT.
    """
    tenths = [100_000_002] + [100_000_001, 100_000_003] * 500
    people = recipients([0] * 501, tenths[:501], hours=720)
    people += recipients([0] * 500, tenths[501:], hours=168)
    sums, *_ = count_tables({("campaign", "sessions"): people})
    moments = exact_moments(sums, post_hours=240)
    assert moments.post_mean[0] == 10_000_000.2
    assert np.sqrt(moments.post_variance[0]) == pytest.approx(0.1, rel=1e-15)


def test_medians_of_many_campaigns() -> None:
    """Odd and even numbers of recipients, and none, side by side."""
    sums, histogram, _ = count_tables(
        {
            ("a", "sessions"): recipients([0, 0, 0], [8, 2, 4]),
            ("b", "sessions"): [],
            ("b", "trades"): recipients([0, 0, 0, 0], [1, 9, 4, 2]),
            ("c", "sessions"): recipients([15, 15], [0, 0]),
        }
    )
    medians = lift_medians(histogram, exact_moments(sums, 48), post_hours=48)
    assert medians == pytest.approx([2, np.nan, 1.5, -0.5], nan_ok=True)
