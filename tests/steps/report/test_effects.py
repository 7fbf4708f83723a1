"""What a push changed, in numbers people can picture: by hand."""

import pytest

from steps.report.pushes.effects import (
    change_per_hundred,
    changed_little,
    effect,
    extra_events,
    people_needed,
    per_hundred,
)
from tests.steps.lift.counts import PARAMETERS
from tests.steps.report.report_warehouse import SMALL, UNSURE, UP

SHRUNKEN = {"shrunken_lift": 0.125, "shrunken_low": -0.125, "shrunken_high": 0.375}


def test_a_lift_is_told_of_100_people_in_two_days() -> None:
    found = effect(UP, PARAMETERS)
    # 0.25 a day is half more: 50 in two days, of 100 without the push
    assert (found.without, found.with_push) == (100, 150)
    assert (found.low, found.change, found.high) == (25, 50, 75)
    # of 80 people 0.28125 a day, every event counted
    assert extra_events(UP, PARAMETERS) == pytest.approx((45, -5, 95))


def test_what_is_too_small_to_tell_is_drawn_to_the_average() -> None:
    found = effect(SMALL | SHRUNKEN, PARAMETERS)
    measured = effect(SMALL, PARAMETERS)
    assert (found.change, found.without, found.with_push) == (50, 100, 150)
    assert (found.shrunken.low, found.shrunken.change) == (-25, 25)
    assert (measured.change, measured.shrunken) == (50, None)
    assert effect(UNSURE | SHRUNKEN, PARAMETERS).shrunken is None


def test_no_effect_is_told_where_the_verdict_rests_on_none() -> None:
    assert effect(UP | {"verdict": "descriptive_only"}, PARAMETERS) is None
    assert people_needed(UP, PARAMETERS) is None


@pytest.mark.parametrize(
    ("low", "high", "is_little"),
    [(-19.0, 19.0, True), (-21.0, 5.0, False), (5.0, 21.0, False), (None, 5.0, False)],
)
def test_a_push_changed_little_if_a_change_of_a_fifth_is_excluded(
    low: float | None, high: float, is_little: bool
) -> None:
    bounds = {"adjusted_percent_low": low, "adjusted_percent_high": high}
    assert changed_little(UNSURE | bounds, PARAMETERS) is is_little
    assert not changed_little(SMALL | bounds, PARAMETERS)


def test_people_needed_grow_with_the_square_of_what_would_show() -> None:
    # 45 % show with 80 people; for 20 % it takes 80 x 2.25 squared
    assert people_needed(SMALL, PARAMETERS) == 405


def test_small_numbers_keep_a_digit() -> None:
    assert [per_hundred(value) for value in (None, 1234.4, 1.25, 0.125)] == [
        "–",
        "1,234",
        "1.2",
        "0.12",
    ]
    assert [change_per_hundred(value) for value in (12.0, -0.5)] == ["+12", "-0.50"]
