"""Placebo dates and what they correct: by hand, and against loops over people."""

import numpy as np
import pytest
from scipy import stats

from steps.lift.adjusted.matched_lift import Effect, compare
from steps.lift.adjusted.placebo_dates import (
    PlaceboDates,
    placebo_correction,
    placebo_dates,
)
from steps.lift.adjusted.strata import cells_of
from tests.steps.lift.by_user import Loops
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import Person, cells, random_people

ARMS = {"recipient": 70, "reachable": 900, "unreachable": 900}


def dates_of(people: list[Person]) -> PlaceboDates:
    grouped = cells_of(cells(people))
    controls = grouped.of(["unreachable"])
    comparison = compare(
        grouped.of(["recipient"]),
        controls.where(controls.weeks_before == 0),
        PARAMETERS,
    )
    return placebo_dates(comparison, grouped.of(["reachable"]), controls, PARAMETERS)


def effect(lift: float, variance: float, df: float = 99) -> Effect:
    return Effect(lift, variance, df, post_mean=2, post_variance=0.1, covariance=0)


@pytest.mark.parametrize("seed", range(6))
def test_equals_loops_over_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    dates = dates_of(people)
    selected = [p for p in people if p.arm == "reachable"]
    free = [p for p in people if p.arm == "unreachable"]
    loops = Loops(
        [p for p in people if p.arm == "recipient"],
        [p for p in free if p.weeks_before == 0],
        has_history=True,
    )
    expected = [loops.placebo(week, selected, free) for week in range(1, 9)]
    assert dates.weeks_before.tolist() == list(range(1, 9))
    assert dates.lift == pytest.approx([lift for lift, _ in expected], abs=1e-9)
    assert dates.variance == pytest.approx([v for _, v in expected], abs=1e-9)


def test_dates_by_hand() -> None:
    """Strata with two recipients and one: weights 2/3 and 1/3."""
    at_push = [
        *[Person("recipient", 1, stratum=stratum) for stratum in (0, 0, 1)],
        *[Person("unreachable", 1, stratum=stratum) for stratum in (0, 0, 1, 1)],
    ]
    before = [
        Person(arm, post, stratum, weeks_before=week)
        for week, arm, stratum, posts in (
            (2, "reachable", 0, (2, 4)),  # daily rates 1 and 2: variance 1/2
            (2, "unreachable", 0, (0, 0)),
            (2, "reachable", 1, (6, 6, 6)),
            (2, "unreachable", 1, (2, 2, 4, 4)),  # 1, 1, 2, 2: variance 1/3
            # one date has only stratum 1, another nobody to compare
            (5, "reachable", 0, (8,)),
            (5, "reachable", 1, (4, 4)),
            (5, "unreachable", 0, (2, 2)),
            (5, "unreachable", 1, (2, 2)),
            (7, "reachable", 0, (4, 4)),
        )
        for post in posts
    ]
    dates = dates_of(at_push + before)
    assert dates.weeks_before.tolist() == [2, 5]
    assert dates.lift == pytest.approx([2 / 3 * 1.5 + 1 / 3 * 1.5, 1])
    variance = (2 / 3) ** 2 * (1 / 2) / 2 + (1 / 3) ** 2 * (1 / 3) / 4
    assert dates.variance == pytest.approx([variance, 0])


def test_correction_by_hand() -> None:
    """Lifts 0.1, 0.3, -0.1, 0.1: mean 0.1, variance 0.08/3, of which 0.01 is chance."""
    dates = PlaceboDates(
        np.arange(1, 5), np.array([0.1, 0.3, -0.1, 0.1]), np.full(4, 0.01)
    )
    found = placebo_correction(effect(1.0, 0.04), dates, alpha=0.05)
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
    dates = PlaceboDates(np.arange(1, 6), np.full(5, 0.2), np.full(5, 0.01))
    found = placebo_correction(effect(1.0, 0.04), dates, alpha=0.05)
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
    number = len(dates)
    found = placebo_correction(
        effect(lift, 0.01),
        PlaceboDates(np.arange(number), np.array(dates), np.full(number, 0.1)),
        alpha=0.05,
    )
    assert found.is_passed == is_passed


def test_the_corrected_interval_covers_a_biased_truth() -> None:
    """The bias of a comparison varies from date to date, and so do its errors."""
    random = np.random.default_rng(5)
    bias, spread, error, truth, covered = 0.5, 0.2, 0.1, 1.0, 0
    for _ in range(2_000):
        lifts = random.normal(bias, spread, 9) + random.normal(0, error, 9)
        dates = PlaceboDates(np.arange(8), lifts[:8], np.full(8, error**2))
        found = placebo_correction(
            effect(truth + lifts[8], error**2, df=999), dates, alpha=0.05
        ).effect
        critical = stats.t.ppf(0.975, found.df)
        covered += abs(found.lift - truth) <= critical * np.sqrt(found.variance)
    assert 0.92 <= covered / 2_000 <= 0.97
