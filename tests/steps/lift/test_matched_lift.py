"""Matched lift and its balance: by hand, and against loops over people."""

from collections.abc import Iterable

import numpy as np
import pytest
from scipy import stats

from steps.lift.adjusted.balance import balance, held_back_test
from steps.lift.adjusted.matched_lift import Comparison, compare
from steps.lift.adjusted.strata import cells_of
from tests.steps.lift.by_user import Loops, by_place
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import Person, cells, random_people

ARMS = {"recipient": 70, "unreachable": 900}


def compared(people: Iterable[Person]) -> Comparison:
    grouped = cells_of(cells(people))
    controls = grouped.of(["unreachable"])
    return compare(
        grouped.of(["recipient"]),
        controls.where(controls.weeks_before == 0),
        PARAMETERS,
    )


def loops_of(people: list[Person], has_history: bool = True) -> Loops:
    return Loops(
        [person for person in people if person.arm == "recipient"],
        [p for p in people if p.arm == "unreachable" and p.weeks_before == 0],
        has_history,
    )


def done(arm: str, stratum: int, *post_counts: int) -> list[Person]:
    return [Person(arm, count, stratum) for count in post_counts]


HAND_MADE = [
    # daily rates 2 and 1, against 1 and 0
    *done("recipient", 0, 4, 2),
    *done("unreachable", 0, 2, 0),
    # 3, against 1, 1 and 4
    *done("recipient", 1, 6),
    *done("unreachable", 1, 2, 2, 8),
    # a single control has no variance: not matched
    *done("recipient", 2, 100),
    *done("unreachable", 2, 0),
]


def test_by_hand() -> None:
    """Excess 1.5, 0.5 and 1: variance 1/4; controls' variances 1/2 and 3."""
    found = compared(HAND_MADE)
    assert found.match.share == 3 / 4
    assert found.theta.tolist() == [0] * 7
    assert found.effect.lift == pytest.approx(1)
    expected = 1 / 4 / 3 + (2 / 3) ** 2 * (1 / 2) / 2 + (1 / 3) ** 2 * 3 / 3
    assert found.effect.variance == pytest.approx(expected)
    assert found.effect.df == 2
    assert found.effect.post_mean == pytest.approx(2)
    # weights 1, 1 and three times 1/3
    expected_size = (1 + 1 + 1) ** 2 / (1 + 1 + 3 / 9)
    assert balance(found.match).effective_controls == pytest.approx(expected_size)


def test_standardised_difference_by_hand() -> None:
    """Means 45 and 30, variances 450 and 900: 15 / sqrt(675)."""
    people = [Person("recipient", baseline_rate=rate) for rate in (30, 60)]
    people += [Person("unreachable", baseline_rate=rate) for rate in (0, 30, 60)]
    found = balance(compared(people).match)
    assert found.smd_rate == pytest.approx(15 / np.sqrt(675))
    assert (found.smd_recency, found.smd_week) == (0, 0)


def test_the_same_everywhere_is_balanced_however_it_rounds() -> None:
    people = [
        Person(arm, day_count=1, week_count=7, baseline_rate=7, recency=333)
        for arm in ("recipient",) * 7 + ("unreachable",) * 11
    ]
    found = balance(compared(people).match)
    assert (found.smd_recency, found.smd_rate, found.smd_week) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(6))
def test_equals_loops_over_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    found, expected = compared(people), loops_of(people)
    assert found.has_history
    assert found.theta == pytest.approx(expected.theta, rel=1e-9, abs=1e-9)
    assert found.match.share == expected.share
    effect = found.effect
    excess, post = expected.excess()
    covariance = np.cov(excess, post) / expected.n
    assert effect.lift == pytest.approx(expected.lift(), abs=1e-9)
    assert effect.variance == pytest.approx(expected.variance(), abs=1e-9)
    assert effect.df == expected.n - 1
    assert effect.post_mean == pytest.approx(np.mean(post), abs=1e-9)
    assert effect.post_variance == pytest.approx(covariance[1, 1], abs=1e-9)
    assert effect.covariance == pytest.approx(covariance[0, 1], abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_balance_equals_loops_over_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    found, expected = balance(compared(people).match), loops_of(people)
    size = expected.effective_controls()
    assert found.effective_controls == pytest.approx(size, rel=1e-9)
    for measured, name in (
        (found.smd_recency, "recency"),
        (found.smd_rate, "baseline_rate"),
        (found.smd_week, "week_count"),
    ):
        difference = expected.standardised_difference(name)
        assert measured == pytest.approx(difference, rel=1e-9)


def test_too_little_history_leaves_its_covariates_out() -> None:
    people = random_people(np.random.default_rng(1), ARMS)
    people = [p for p in people if p.long_rate is None or p.arm == "unreachable"]
    found, expected = compared(people), loops_of(people, has_history=False)
    assert not found.has_history
    assert found.theta == pytest.approx(expected.theta, rel=1e-9)
    test = held_back_test(found, PARAMETERS)
    assert np.isnan([test.difference_pct, test.p]).all()


@pytest.mark.parametrize("seed", range(3))
def test_held_back_test_equals_loops_over_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    test = held_back_test(compared(people), PARAMETERS)
    # only who was observed long enough; and of those, who is matched
    known = loops_of([person for person in people if person.long_rate is not None])
    excess, variance, mean = [], 0.0, 0.0
    for place, controls in known.free.items():
        rates = [person.long_rate / 56 for person in controls]
        sent = known.sent[place]
        excess += [person.long_rate / 56 - np.mean(rates) for person in sent]
        share = len(sent) / known.n
        mean += share * np.mean(rates)
        variance += share**2 * np.var(rates, ddof=1) / len(rates)
    variance += np.var(excess, ddof=1) / known.n
    t = np.mean(excess) / np.sqrt(variance)
    assert test.difference_pct == pytest.approx(100 * np.mean(excess) / mean, rel=1e-9)
    assert test.p == pytest.approx(2 * stats.t.sf(abs(t), known.n - 1), rel=1e-9)


def test_nobody_matched() -> None:
    people = [*done("recipient", 0, 1, 2), *done("unreachable", 1, 1, 2)]
    found = compared(people)
    assert found.match.share == 0
    described = balance(found.match)
    unknown = [found.effect.lift, found.effect.variance, *vars(described).values()]
    assert np.isnan(unknown).all()


def test_groups_of_places_do_not_mix() -> None:
    """The same stratum in another send hour, or stratum -1, is another place."""
    people = [
        Person("recipient", 2, stratum=-1, send_hour=1),
        Person("recipient", 4, stratum=3, send_hour=0),
        Person("unreachable", 0, stratum=3, send_hour=0),
        Person("unreachable", 2, stratum=3, send_hour=0),
        Person("unreachable", 9, stratum=3, send_hour=1),
        Person("unreachable", 9, stratum=3, send_hour=1),
    ]
    assert len(by_place(people)) == 3
    found = compared(people)
    assert found.match.share == 1 / 2
    assert found.effect.lift == 1.5
