"""The truth is what a push does on average in worlds drawn again and again."""

import numpy as np
import pytest

from calibration.behaviour import draw_sessions, expected_sessions
from calibration.scenarios import SCENARIOS
from calibration.truth import true_lift
from calibration.world import POST_WINDOW
from calibration.worlds import draw_world
from demo.world.scale import DAY, HOUR

REPEATS = 400


def test_sessions_to_expect_between_two_instants() -> None:
    rng = np.random.default_rng(1)
    rates = np.repeat([[3.0, 0.5, 2.0]], 20_000, axis=0)
    start, end = DAY - 5 * HOUR // 2, 2 * DAY + 9 * HOUR
    user, at = draw_sessions(rng, rates)
    drawn = np.sum((at >= start) & (at < end)) / len(rates)
    expected = expected_sessions(rates[:1], np.array([start]), np.array([end]))
    assert drawn == pytest.approx(expected[0], abs=4 * np.sqrt(expected[0] / 20_000))


@pytest.mark.parametrize(
    "scenario", ["overlapping pushes", "lift of the first day only"]
)
@pytest.mark.parametrize(("one_of", "cap"), [(1, None), (1, 3), (1, 1), (5, 2)])
def test_the_truth_is_the_mean_of_many_draws(
    scenario: str, one_of: int, cap: int | None
) -> None:
    """By the definition: people with a factor on the rates of their two days."""
    world = draw_world(SCENARIOS[scenario], [3])
    user, at = world.recipients
    counted = user[::2]
    rng = np.random.default_rng(5)
    organic = [
        world.expected_sessions(user, at + day * DAY, at + (day + 1) * DAY)
        for day in range(2)
    ]
    others = world.expected_without_push(user, at) - sum(organic)
    means = []
    for lift in ((0.0, 0.0), world.lift_by_day):
        rate = others + sum((1 + lift[day]) * organic[day] for day in range(2))
        count = rng.poisson(rate[::2] / one_of, (REPEATS, len(counted)))
        means.append(np.minimum(count, np.inf if cap is None else cap) / 2)
    truth = true_lift(world, counted, True, one_of, cap)
    error = max(each.mean(axis=1).std() for each in means) / np.sqrt(REPEATS)
    assert truth.level == pytest.approx(means[0].mean(), abs=4 * error)
    assert truth.lift == pytest.approx(means[1].mean() - means[0].mean(), abs=6 * error)
    nothing = true_lift(world, counted, False, one_of, cap)
    assert (nothing.level, nothing.lift) == (truth.level, 0)


def test_the_uncapped_lift_is_the_share_that_the_push_adds() -> None:
    world = draw_world(SCENARIOS["just active, 120 recipients"], [3])
    truth = true_lift(world, world.recipients[0], True)
    assert truth.lift == pytest.approx(0.2 * truth.level)
    capped = true_lift(world, world.recipients[0], True, cap=2)
    assert 0 < capped.lift < truth.lift
    assert capped.lift / capped.level < 0.2


def test_sessions_are_counted_from_the_push_for_48_hours() -> None:
    world = draw_world(SCENARIOS["anyone, 120 recipients"], [3])
    user, at = world.recipients
    whole = world.expected_without_push(user, at)
    parts = world.expected_sessions(user, at, at + DAY) + world.expected_sessions(
        user, at + DAY, at + POST_WINDOW
    )
    np.testing.assert_allclose(whole, parts)
