"""Worlds are what their scenario says, and pushes do what they are said to do."""

import numpy as np
import pytest

from calibration.scenarios import SCENARIOS
from calibration.worlds import MEASURED, World, draw_world
from demo.world.scale import DAY, HOUR

POST_WINDOW = 48 * HOUR


def recipients_of(world: World) -> dict[int, int]:
    """Return when each recipient of the measured campaign got it."""
    is_measured = world.push_campaign == MEASURED
    users, sent_at = world.push_user[is_measured], world.push_at[is_measured]
    return dict(zip(users.tolist(), sent_at.tolist(), strict=True))


def sessions_of(world: World, user: int) -> np.ndarray:
    """Return when a user's sessions begin."""
    return world.session_at[world.session_user == user]


def test_a_seed_gives_one_world() -> None:
    first, same = (draw_world(SCENARIOS["anyone"], 0.2, [7]) for _ in range(2))
    other = draw_world(SCENARIOS["anyone"], 0.2, [8])
    np.testing.assert_array_equal(first.session_at, same.session_at)
    np.testing.assert_array_equal(first.push_at, same.push_at)
    assert not np.array_equal(first.session_at, other.session_at)


def test_a_push_adds_its_share_of_sessions_for_48_hours_and_nothing_else() -> None:
    without, doubled = (
        draw_world(SCENARIOS["anyone"], lift, [7]) for lift in (0.0, 1.0)
    )
    organic = len(without.session_at)
    np.testing.assert_array_equal(doubled.session_at[:organic], without.session_at)
    recipients = recipients_of(doubled)
    caused = zip(
        doubled.session_user[organic:], doubled.session_at[organic:], strict=True
    )
    since = [at - recipients[user] for user, at in caused]
    assert min(since) >= 0
    assert max(since) < POST_WINDOW
    expected = 0
    for user, sent_at in recipients.items():
        since_push = sessions_of(without, user) - sent_at
        expected += np.sum((since_push >= 0) & (since_push < POST_WINDOW))
    # two Poisson counts of the same mean
    assert abs(len(since) - expected) < 4 * np.sqrt(2 * expected)


@pytest.mark.parametrize(
    ("scenario", "hours"), [("anyone", 0.5), ("sent over five hours", 5)]
)
def test_a_campaign_is_sent_for_as_long_as_its_scenario_says(
    scenario: str, hours: float
) -> None:
    sent_at = recipients_of(draw_world(SCENARIOS[scenario], 0.0, [7])).values()
    assert 0.99 * hours * HOUR < max(sent_at) - min(sent_at) < hours * HOUR


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_pushes_reach_only_people_who_joined_and_allow_them(scenario: str) -> None:
    world = draw_world(SCENARIOS[scenario], 0.2, [7])
    assert world.is_reachable[world.push_user].all()
    assert (world.push_at >= world.joined_at[world.push_user]).all()
    assert not recipients_of(world).keys() & set(world.held_out.tolist())
    assert world.session_at.min() >= world.started_at
    assert world.session_at.max() < world.ended_at


@pytest.mark.parametrize(
    ("scenario", "shortest", "longest"),
    [("just active", 0, DAY), ("lapsed for a week", 7 * DAY, 30 * DAY)],
)
def test_the_last_session_chooses_the_audience(
    scenario: str, shortest: int, longest: int
) -> None:
    world = draw_world(SCENARIOS[scenario], 0.0, [7])
    recipients = recipients_of(world)
    began_at = min(recipients.values()) // HOUR * HOUR
    assert len(recipients) > 100
    for user in recipients:
        sessions = sessions_of(world, user)
        assert shortest < began_at - sessions[sessions < began_at].max() <= longest
