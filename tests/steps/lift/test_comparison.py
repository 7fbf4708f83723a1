"""Weighted controls and their balance: by hand, and against general solvers."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from steps.lift.adjusted.balance import balance, held_back_test
from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.comparison import (
    Comparison,
    Support,
    common_support,
    compare,
)
from steps.lift.adjusted.covariates import COVARIATES
from tests.steps.lift.by_user import Loops, known_before, post
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import Person, adjusted_of, alike, cells, random_people

ARMS = {"recipient": 90, "unreachable": 1500}


def support_of(people: Iterable[Person]) -> Support:
    grouped = cells_of(cells(people))
    controls = grouped.of(["unreachable"])
    return common_support(
        grouped.of(["recipient"]), controls.where(controls.weeks_before == 0)
    )


def compared(people: Iterable[Person]) -> Comparison:
    comparison = compare(support_of(people), PARAMETERS)
    assert comparison is not None
    return comparison


def loops_of(people: list[Person]) -> Loops:
    return Loops(
        [person for person in people if person.arm == "recipient"],
        [p for p in people if p.arm == "unreachable" and p.weeks_before == 0],
    )


def test_support_by_hand() -> None:
    """Two cells with both; one control is nobody to weigh, no baseline is no cell."""
    people = [
        *[Person("recipient", support_cell=cell) for cell in (3, 3, 4, 5, 6, -1)],
        *[Person("unreachable", support_cell=cell) for cell in (3, 3, 4, 5, 5, 7, -1)],
    ]
    support = support_of(people)
    assert support.share == 3 / 6
    assert (support.recipients.n, support.controls.n) == (3, 4)
    assert set(support.controls.support_cell.tolist()) == {3, 5}


def test_a_wave_of_newcomers_by_hand() -> None:
    """Three of four recipients are new, of ten controls two: 3/8 and 1/32 each."""
    recent, old = 0, 10
    people = [
        *[Person("recipient", post_count=y, support_cell=recent) for y in (10, 6, 8)],
        *[Person("recipient", post_count=4, support_cell=old) for _ in (1,)],
        *[Person("unreachable", post_count=y, support_cell=recent) for y in (4, 8)],
        *[
            Person("unreachable", post_count=y, support_cell=old)
            for y in (2, 2, 0, 4, 2, 6, 0, 0)
        ],
    ]
    found = compared(people)
    assert found.regression.effective_size == pytest.approx(3.45946, abs=1e-5)
    effect = found.effects["full_"]
    assert effect.lift == pytest.approx(1)
    assert effect.df == pytest.approx(3.1785, rel=0.01)
    assert np.sqrt(effect.variance) == pytest.approx(1.140996, rel=0.01)
    means = balance(found, PARAMETERS)
    new = COVARIATES.index("is_newer_than_14_days")
    assert means.recipient_mean[new] == 0.75
    assert means.control_mean_before[new] == pytest.approx(0.2)
    assert means.control_mean_after[new] == pytest.approx(0.75, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_equals_general_solvers_on_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    found, expected = compared(people), loops_of(people)
    assert found.has_history
    assert found.support.share == expected.share
    cap, first_cap = found.caps.post, found.caps.first_day
    for name, outcome in (
        ("", lambda person: min(person.post_count, cap) / 2),
        ("full_", post),
        ("first_day_", lambda person: float(min(person.first_day_count, first_cap))),
        ("active_", lambda person: 100.0 * (person.post_count > 0)),
    ):
        effect = found.effects[name]
        lift, variance, df, size = expected.effect(outcome)
        assert effect.lift == pytest.approx(lift, abs=1e-5)
        assert effect.variance == pytest.approx(variance, rel=1e-4)
        assert effect.df == pytest.approx(df, rel=1e-3)
        assert found.regression.effective_size == pytest.approx(size, rel=1e-4)
    done = [post(person) for person in expected.recipients]
    assert found.effects["full_"].post_mean == pytest.approx(np.mean(done))


@pytest.mark.parametrize("seed", range(4))
def test_balance_equals_formulas_on_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    found, expected = balance(compared(people), PARAMETERS), loops_of(people)
    equal = np.full(len(expected.controls), 1 / len(expected.controls))
    before = [expected.standardised_difference(i, equal) for i in range(8)]
    after = [expected.standardised_difference(i, expected.w) for i in range(8)]
    # the square of the week's activity is that of a cell's mean, not of its people
    assert found.smd_before == pytest.approx(before, rel=1e-3)
    assert found.smd_after == pytest.approx(after, abs=1e-5)
    assert np.abs(found.smd_before).max() > 0.1 > 100 * np.abs(found.smd_after).max()


def test_the_cap_is_the_same_for_both_arms() -> None:
    """Nobody counts for more than what one active person in twenty exceeds."""
    people = [Person("recipient", post_count=y) for y in [2] * 30 + [40]]
    people += [Person("unreachable", post_count=y) for y in [2] * 30 + [4] * 39]
    found = compared(people)
    assert found.caps.post == 4
    assert found.effects[""].post_mean == pytest.approx((30 * 1 + 2) / 31)
    assert found.effects["full_"].post_mean == pytest.approx((30 * 1 + 20) / 31)


def test_what_controls_all_share_and_recipients_do_not() -> None:
    newcomers = [replace(p, support_cell=0) for p in alike("recipient", 48)]
    people = [*newcomers, *[replace(p, arm="unreachable") for p in newcomers * 2]]
    found = balance(compared(people), PARAMETERS)
    assert found.largest == pytest.approx(0, abs=1e-12)
    silent = [replace(p, recency=2000) for p in people if p.arm == "unreachable"]
    found = balance(compared([*newcomers, *silent]), PARAMETERS)
    assert found.largest == np.inf


def test_too_little_history_leaves_its_covariates_out() -> None:
    people = random_people(np.random.default_rng(1), ARMS)
    unknown = [
        replace(p, long_rate=None) if i % 3 == 0 else p for i, p in enumerate(people)
    ]
    found = compared(unknown)
    assert not found.has_history
    lift, variance, *_ = loops_of(unknown).effect(post, known_before)
    assert found.effects["full_"].lift == pytest.approx(lift, abs=1e-5)
    assert found.effects["full_"].variance == pytest.approx(variance, rel=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_held_back_history_equals_formulas_on_people(seed: int) -> None:
    people = random_people(np.random.default_rng(seed), ARMS)
    found, loops = held_back_test(compared(people), PARAMETERS), loops_of(people)
    is_known = np.array([person.long_rate is not None for person in loops.controls])
    known = Loops.__new__(Loops)
    known.recipients = [p for p in loops.recipients if p.long_rate is not None]
    known.controls = [p for p in loops.controls if p.long_rate is not None]
    known.w = loops.w[is_known] / loops.w[is_known].sum()
    lift, variance, df, _ = known.effect(lambda p: p.long_rate / 56, known_before)
    p = 2 * stats.t.sf(abs(lift) / np.sqrt(variance), df)
    assert found.p == pytest.approx(p, rel=1e-3)
    mean = np.mean([person.long_rate / 56 for person in known.recipients])
    assert found.difference_percent == pytest.approx(
        100 * lift / (mean - lift), rel=1e-3
    )


def test_held_back_history_needs_thirty_on_both_sides() -> None:
    people = alike("recipient", 120) + [
        replace(person, long_rate=None if i >= 29 else 56)
        for i, person in enumerate(alike("unreachable", 240))
    ]
    assert np.isnan(held_back_test(compared(people), PARAMETERS).p)


def test_later_pushes_dilute_what_controls_stand_for() -> None:
    """A quarter of the controls' time came after the same push."""
    people = [
        replace(person, has_later_push=i % 4 == 0)
        for i, person in enumerate(alike("recipient", 48))
    ]
    people += [
        replace(person, has_later_push=i % 2 == 0, diluted_seconds=12 * 3600)
        for i, person in enumerate(alike("reachable", 96))
    ]
    row = adjusted_of(people)
    assert row["later_push_share"] == 0.25
    assert row["later_push_share_controls"] == pytest.approx(0.5, abs=0.01)
    assert row["dilution_share"] == pytest.approx(0.25)


def test_people_in_one_cell_count_as_often_as_they_are() -> None:
    """Twice the people, by their number in the cell or by rows, are the same."""
    people = random_people(np.random.default_rng(5), ARMS)
    twice = cells(people).to_pylist()
    summed = [
        row
        | {
            name: 2 * row[name]
            for name in row
            if name.endswith(("_sum", "_squares", "later_push_count", "_seconds"))
            or name == "user_count"
        }
        for row in twice
    ]
    table = cells(people)
    by_count = cells_of(table.from_pylist(summed, table.schema))
    by_row = cells_of(table.from_pylist(twice * 2, table.schema))
    lifts = []
    for grouped in (by_count, by_row):
        controls = grouped.of(["unreachable"])
        support = common_support(
            grouped.of(["recipient"]), controls.where(controls.weeks_before == 0)
        )
        effect = compare(support, PARAMETERS).effects[""]
        lifts.append((effect.lift, effect.variance))
    assert lifts[0] == pytest.approx(lifts[1], rel=1e-9)
