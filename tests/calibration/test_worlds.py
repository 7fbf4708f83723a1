"""Worlds are what their scenario says, and pushes do what they are said to do."""

import numpy as np
import pytest

from calibration.scenarios import SCENARIOS
from calibration.world import POST_WINDOW, World
from calibration.worlds import COOL_DOWN, draw_world
from demo.world.scale import DAY, HOUR, MINUTE

ANYONE = "weekdays and shocks, 300 recipients"


def drawn(name: str) -> World:
    """Draw the same world of a scenario each time."""
    return draw_world(SCENARIOS[name], [7])


def recipients_of(world: World) -> dict[int, int]:
    """Return when each recipient of the measured campaign got it."""
    users, sent_at = world.recipients
    return dict(zip(users.tolist(), sent_at.tolist(), strict=True))


def sessions_of(world: World, user: int) -> np.ndarray:
    """Return when a user's sessions begin."""
    return world.session_at[world.session_user == user]


def test_a_seed_gives_one_world() -> None:
    first, same = drawn(ANYONE), drawn(ANYONE)
    other = draw_world(SCENARIOS[ANYONE], [8])
    np.testing.assert_array_equal(first.session_at, same.session_at)
    np.testing.assert_array_equal(first.caused_at, same.caused_at)
    np.testing.assert_array_equal(first.push_at, same.push_at)
    assert not np.array_equal(first.session_at, other.session_at)


@pytest.mark.parametrize(
    ("scenario", "lift_by_day"),
    [
        ("weekdays and shocks, 1,000 recipients", (0.2, 0.2)),
        ("lift of the first day only", (0.2, 0.0)),
        ("three quarters of the lift on day one", (0.3, 0.1)),
    ],
)
def test_the_push_adds_its_share_on_each_of_two_days_and_nothing_else(
    scenario: str, lift_by_day: tuple[float, float]
) -> None:
    caused, organic = np.zeros(2), np.zeros(2)
    for seed in range(10):
        world = draw_world(SCENARIOS[scenario], [seed])
        sent_at = recipients_of(world)
        assert set(world.caused_user.tolist()) <= sent_at.keys()
        since = world.caused_at - np.array([sent_at[u] for u in world.caused_user])
        assert since.min() >= 0
        assert since.max() < POST_WINDOW
        caused += np.bincount(since // DAY, minlength=2)
        user, at = world.recipients
        for day in range(2):
            expected = world.expected_sessions(
                user, at + day * DAY, at + (day + 1) * DAY
            )
            organic[day] += expected.sum()
    expected = np.array(lift_by_day) * organic
    # some thousands of sessions, which are Poisson
    assert (np.abs(caused - expected) <= 4 * np.sqrt(expected)).all()


@pytest.mark.parametrize(
    ("scenario", "hours"), [(ANYONE, 0.5), ("sent over five hours", 5)]
)
def test_a_campaign_is_sent_for_as_long_as_its_scenario_says(
    scenario: str, hours: float
) -> None:
    sent_at = recipients_of(drawn(scenario)).values()
    assert 0.95 * hours * HOUR < max(sent_at) - min(sent_at) < hours * HOUR


@pytest.mark.parametrize("name", SCENARIOS)
def test_pushes_reach_only_people_who_joined_and_allow_them(name: str) -> None:
    scenario, world = SCENARIOS[name], drawn(name)
    assert world.is_reachable[world.push_user].all()
    assert (world.push_at >= world.joined_at[world.push_user]).all()
    sent = recipients_of(world)
    assert not sent.keys() & set(world.held_out.tolist())
    assert world.is_reachable[world.held_out].all()
    assert len(sent) == (scenario.recipients or len(sent)) > 30
    has_experiment = scenario.is_random and scenario.recipients is not None
    assert (len(world.held_out) > 30) == has_experiment
    assert world.session_at.min() >= world.started_at
    assert world.session_at.max() < world.ended_at
    assert max(sent.values()) + POST_WINDOW < world.ended_at


@pytest.mark.parametrize(
    ("scenario", "shortest", "longest"),
    [
        ("just active, 300 recipients", 0, DAY),
        ("active in the last 10 hours", 0, 10 * HOUR),
        ("lapsed for a week, 300 recipients", 7 * DAY, 30 * DAY),
        ("silent for 5 days", 5 * DAY, 30 * DAY),
    ],
)
def test_the_last_session_chooses_the_audience(
    scenario: str, shortest: int, longest: int
) -> None:
    world = drawn(scenario)
    began_at = world.recipients[1].min() // HOUR * HOUR
    for user in [*recipients_of(world), *world.held_out]:
        sessions = sessions_of(world, user)
        assert shortest < began_at - sessions[sessions < began_at].max() <= longest


def test_new_users_joined_in_the_last_60_days() -> None:
    world = drawn("joined in the last 60 days")
    since = world.recipients[1] - world.joined_at[world.recipients[0]]
    assert since.min() > 0
    assert since.max() < 61 * DAY


def test_the_engaged_are_more_likely_to_get_the_push() -> None:
    sent, all_of_them = np.zeros(2), np.zeros(2)
    for seed in range(8):
        scenario = SCENARIOS["engaged people rather than others"]
        world = draw_world(scenario, [seed])
        at = world.recipients[1].min() // HOUR * HOUR
        count = world.sessions_between(at - 7 * DAY, at)
        for number in range(2):
            alike = np.flatnonzero(world.is_reachable & (count == number))
            all_of_them[number] += len(alike)
            sent[number] += np.isin(alike, world.recipients[0]).sum()
    never, once = sent / all_of_them
    assert once / never == pytest.approx(2**0.8, rel=0.15)


def test_a_cool_down_spares_recipients_the_push_of_the_next_day() -> None:
    world = drawn("later pushes with a cool-down")
    later = world.push_campaign == "a day later"
    users, sent_at = world.push_user[later], world.push_at[later]
    assert len(users) > 100
    assert not set(users.tolist()) & recipients_of(world).keys()
    began_at = sent_at.min() // HOUR * HOUR
    assert (world.sessions_between(began_at - DAY, began_at)[users] > 0).all()
    assert not world.were_pushed(began_at - COOL_DOWN, began_at)[users].any()
    # so it is the controls who stayed active that get it
    assert set(users.tolist()) & set(world.held_out.tolist())


@pytest.mark.parametrize(
    ("scenario", "hours", "longest"),
    [
        ("automation, each hour for 12 hours", 12, HOUR + 30 * MINUTE),
        ("automation, each hour for 4 hours", 4, HOUR + 30 * MINUTE),
        ("automation, at once for 12 hours", 12, MINUTE),
    ],
)
def test_an_automation_fires_when_people_act(
    scenario: str, hours: int, longest: int
) -> None:
    world = drawn(scenario)
    sent = recipients_of(world)
    for user, sent_at in sent.items():
        sessions = sessions_of(world, user)
        assert 0 < sent_at - sessions[sessions < sent_at].max() <= longest
    fires_hourly = SCENARIOS[scenario].fires_hourly
    began_at = min(sent.values()) // HOUR * HOUR - fires_hourly * HOUR
    lasted = max(sent.values()) - began_at
    assert 0.9 * hours * HOUR < lasted < hours * HOUR + longest
    acted = world.sessions_between(began_at, began_at + hours * HOUR) > 0
    # half the sessions fire, and some people have several
    assert 0.5 < len(sent) / np.sum(acted & world.is_reachable) < 0.7


def test_only_recipients_feel_the_coincident_event() -> None:
    world = drawn("coincident event")
    assert set(world.raised_user.tolist()) == recipients_of(world).keys()
    user, at = world.recipients
    np.testing.assert_allclose(
        world.expected_without_push(user, at),
        1.1 * world.expected_sessions(user, at, at + POST_WINDOW),
    )


def test_other_pushes_raise_only_what_follows_them_within_48_hours() -> None:
    world = drawn("overlapping pushes")
    user, at = world.recipients
    before = world.push_campaign == "the day before"
    pushed_at = dict(zip(world.push_user[before], world.push_at[before], strict=True))
    chosen = np.array(
        [
            position
            for position, person in enumerate(user)
            if person in pushed_at
            and person not in world.push_user[world.push_campaign == "the day after"]
        ]
    )
    assert len(chosen) > 30
    some, at = user[chosen], at[chosen]
    ends_at = np.array([pushed_at[person] for person in some]) + POST_WINDOW
    np.testing.assert_allclose(
        world.expected_without_push(some, at),
        world.expected_sessions(some, at, at + POST_WINDOW)
        + 0.2 * world.expected_sessions(some, at, ends_at),
    )


def test_without_the_unreachable_the_others_do_the_same() -> None:
    world = drawn(ANYONE)
    some = world.of_reachable()
    assert world.is_reachable[some.session_user].all()
    for user in np.flatnonzero(world.is_reachable)[:50]:
        np.testing.assert_array_equal(sessions_of(some, user), sessions_of(world, user))
    assert len(some.session_at) < len(world.session_at)
