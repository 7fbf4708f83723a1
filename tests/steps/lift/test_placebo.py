"""Placebo dates and what they correct: by hand, and against loops over people."""

import numpy as np
import pytest
from scipy import stats

from lift_statistics import Effect
from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.comparison import common_support, compare
from steps.lift.adjusted.placebo_dates import (
    Correction,
    PlaceboDates,
    placebo_correction,
    placebo_dates,
)
from tests.steps.lift.by_user import Loops, post
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import (
    Person,
    adjusted_of,
    alike,
    cells,
    placebo_people,
    random_people,
)

ARMS = {"recipient": 70, "reachable": 1800, "unreachable": 1800}


def dates_of(people: list[Person]) -> PlaceboDates:
    grouped = cells_of(cells(people))
    controls = grouped.of(["unreachable"])
    support = common_support(
        grouped.of(["recipient"]), controls.where(controls.weeks_before == 0)
    )
    comparison = compare(support, PARAMETERS)
    assert comparison is not None
    return placebo_dates(comparison, grouped.of(["reachable"]), controls, PARAMETERS)


def effect(lift: float, variance: float, df: float = 99) -> Effect:
    return Effect(lift, variance, df, post_mean=2, post_variance=0.1, covariance=0)


def correction(found: Effect, lifts: list[float], variance: float) -> Correction:
    return placebo_correction(
        found, np.array(lifts), np.full(len(lifts), variance), alpha=0.05
    )


@pytest.mark.parametrize("seed", range(3))
def test_equals_general_solvers_on_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    dates = dates_of(people)
    selected = [p for p in people if p.arm == "reachable"]
    free = [p for p in people if p.arm == "unreachable"]
    loops = Loops(
        [p for p in people if p.arm == "recipient"],
        [p for p in free if p.weeks_before == 0],
    )
    expected = [
        loops.placebo(
            [p for p in selected if p.weeks_before == week],
            [p for p in free if p.weeks_before == week],
            post,
        )
        for week in range(1, 9)
    ]
    assert dates.weeks_before.tolist() == list(range(1, 9))
    lifts, variances = zip(*expected, strict=True)
    assert dates.lift["full_"] == pytest.approx(lifts, abs=1e-5)
    assert dates.variance["full_"] == pytest.approx(variances, rel=1e-3)


def test_dates_without_thirty_of_each_are_left_out() -> None:
    people = alike("recipient", 48) + alike("unreachable", 96)
    people += placebo_people(36, (1, 2, 4)) + placebo_people(24, (3, 5))
    people += [p for p in placebo_people(36, [6]) if p.arm == "reachable"]
    assert dates_of(people).weeks_before.tolist() == [1, 2, 4]


def test_correction_by_hand() -> None:
    """Lifts 0.1, 0.3, -0.1, 0.1: mean 0.1, variance 0.08/3, of which 0.01 is chance."""
    found = correction(effect(1.0, 0.04), [0.1, 0.3, -0.1, 0.1], 0.01)
    assert found.mean == pytest.approx(0.1)
    assert found.sd**2 == pytest.approx(0.08 / 3)
    tau_squared = 0.08 / 3 - 0.01
    assert found.tau**2 == pytest.approx(tau_squared)
    assert found.effect.lift == pytest.approx(0.9)
    parts = [0.04, tau_squared * 5 / 4, 0.01 / 4]
    assert found.effect.variance == pytest.approx(sum(parts))
    squares = parts[0] ** 2 / 99 + parts[1] ** 2 / 3 + parts[2] ** 2 / (4 * 99)
    assert found.effect.df == pytest.approx(sum(parts) ** 2 / squares)
    assert found.is_passed


def test_spread_that_chance_explains_is_no_bias() -> None:
    found = correction(effect(1.0, 0.04), [0.2] * 5, 0.01)
    assert (found.tau, found.effect.variance) == (0, pytest.approx(0.04 + 0.01 / 5))


@pytest.mark.parametrize(
    ("lift", "dates", "is_passed"),
    [
        (1.0, [0.0, 0.1, -0.1, 0.0, 0.1, -0.1, 0.0, 0.0], True),
        # one date that stands out may be chance, two are not
        (1.0, [0.0] * 20 + [2.0], True),
        (1.0, [0.0] * 20 + [2.0, 2.0], False),
        # a bias of more than half of the lift, unless there is no lift to speak of
        (1.0, [0.6, 0.6, 0.6, 0.6], False),
        (0.1, [0.08, 0.08, 0.08, 0.08], True),
    ],
)
def test_when_placebo_dates_look_as_they_should(
    lift: float, dates: list[float], is_passed: bool
) -> None:
    assert correction(effect(lift, 0.01), dates, 0.1).is_passed == is_passed


def test_the_corrected_interval_covers_a_biased_truth() -> None:
    """The bias of a comparison varies from date to date, and so do its errors."""
    random = np.random.default_rng(5)
    bias, spread, error, truth, covered = 0.5, 0.2, 0.1, 1.0, 0
    for _ in range(2_000):
        lifts = random.normal(bias, spread, 9) + random.normal(0, error, 9)
        found = correction(
            effect(truth + lifts[8], error**2, df=999), lifts[:8], error**2
        ).effect
        critical = stats.t.ppf(0.975, found.df)
        covered += abs(found.lift - truth) <= critical * np.sqrt(found.variance)
    assert 0.92 <= covered / 2_000 <= 0.97


def test_an_uncorrected_estimate_is_not_told_beside_a_corrected_one() -> None:
    """With the recipients of other pushes, too few recipients have anybody alike."""
    people = alike("recipient", 120, more=2) + alike("unreachable", 240)
    people += placebo_people(48, range(1, 9), more=1)
    strangers = alike("overlapping", 108, support_cell=7)
    row = adjusted_of(people + strangers)
    assert (row["design_tier"], row["verdict"]) == ("T2b", "significant_up")
    assert row["adjusted_lift"] == pytest.approx(0.5, abs=1e-6)
    assert (row["everyone_lift"], row["everyone_low"]) == (None, None)
