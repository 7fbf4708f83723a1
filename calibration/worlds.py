"""Draws of worlds.

A push multiplies the rate of sessions for 48 hours. What it causes stands apart, so
that one draw is a world where it works and one where it does nothing.
"""

from dataclasses import replace

import numpy as np

from calibration.behaviour import draw_calendar, draw_daily_rates, draw_sessions
from calibration.scenarios import SENDING, Scenario
from calibration.world import DAYS, MEASURED, POST_WINDOW, World
from demo.world.scale import DAY, HOUR, MINUTE

FIRST_DAY, FIRST_WEEKDAY = 20_454, 3  # Thursday, 2026-01-01; in days since 1970
SENT_ON_DAY = 89
SENT_FROM_HOUR, SENT_TO_HOUR = 9, 20
BACKGROUND_DAYS = range(5, SENT_ON_DAY, 20)
BACKGROUND_SHARE = 0.3
LONG_AGO = -600  # the day from which on those joined who are no newcomers
COOL_DOWN = 72 * HOUR
FIRES = 0.5  # the chance that an automation does, per session


def draw_world(scenario: Scenario, seed: list[int]) -> World:
    """Draw the world of a seed.

    Args:
        scenario: What the world is like.
        seed: The same numbers always give the same world.
    """
    rng = np.random.default_rng(seed)
    hour = int(rng.integers(SENT_FROM_HOUR, SENT_TO_HOUR)) * HOUR
    world = _send_background(rng, _without_pushes(rng, scenario), hour)
    at = world.started_at + SENT_ON_DAY * DAY + hour
    world = _send_other(rng, world, "the day before", at - DAY, scenario)
    if scenario.fires_for:
        user, sent_at, held_out = _acting(rng, world, scenario, at)
    else:
        user, sent_at, held_out = _chosen(rng, world, scenario, at)
    world = replace(
        world.with_pushes(MEASURED, user, sent_at),
        held_out=held_out,
        lift_by_day=scenario.lift_by_day,
    )
    world = _send_other(rng, world, "the day after", at + DAY, scenario)
    if scenario.has_later_push:
        world = _send_later(rng, world, at + DAY)
    if scenario.event_lift:
        world = _raise(rng, world, user, sent_at, scenario.event_lift)
    return _with_caused(rng, world)


def _without_pushes(rng: np.random.Generator, scenario: Scenario) -> World:
    """Draw users and what they do by themselves."""
    first_day = int(rng.integers(7))
    factor = (1 + scenario.growth_per_week) ** (np.arange(DAYS) / 7)
    if scenario.has_calendar:
        factor *= draw_calendar(rng, DAYS, FIRST_WEEKDAY + first_day)
    is_newcomer = rng.random(scenario.users) < scenario.newcomer_share
    join_day = np.where(
        is_newcomer,
        rng.integers(0, DAYS, scenario.users),
        rng.integers(LONG_AGO, 0, scenario.users),
    )
    daily_rate = draw_daily_rates(rng, join_day, factor)
    activity = daily_rate.sum(axis=1)
    reachable_share = np.where(
        activity > np.median(activity), *reversed(scenario.reachable_share)
    )
    session_user, since_start = draw_sessions(rng, daily_rate)
    started_at = (FIRST_DAY + first_day) * DAY
    nothing = np.zeros(0, np.int64)
    return World(
        joined_at=started_at + join_day * DAY,
        is_reachable=rng.random(scenario.users) < reachable_share,
        daily_rate=daily_rate,
        started_at=started_at,
        session_user=session_user,
        session_at=started_at + since_start,
        caused_user=nothing,
        caused_at=nothing,
        push_campaign=np.zeros(0, str),
        push_user=nothing,
        push_at=nothing,
        lift_by_day=(0.0, 0.0),
        raised_user=nothing,
        raised_at=nothing,
        raised_by=np.zeros(0),
        held_out=nothing,
    )


def _send_background(rng: np.random.Generator, world: World, hour: int) -> World:
    """Send a first push to whoever is reachable, then some to some now and then."""
    reachable = np.flatnonzero(world.is_reachable)
    seen_at = np.maximum(world.joined_at, world.started_at)[reachable]
    world = world.with_pushes("welcome", reachable, _within(rng, seen_at, SENDING))
    for day in BACKGROUND_DAYS:
        at = world.started_at + day * DAY + hour
        is_sent = rng.random(len(reachable)) < BACKGROUND_SHARE
        users = reachable[is_sent & (seen_at < at)]
        sent_at = _within(rng, np.full(len(users), at), SENDING)
        world = world.with_pushes(f"day {day}", users, sent_at)
    return world


def _send_other(
    rng: np.random.Generator, world: World, name: str, at: int, scenario: Scenario
) -> World:
    """Send another push to some of the reachable users."""
    is_sent = rng.random(len(world.joined_at)) < scenario.other_share
    user = np.flatnonzero(is_sent & world.is_reachable & (world.joined_at < at))
    sent_at = _within(rng, np.full(len(user), at), SENDING)
    world = world.with_pushes(name, user, sent_at)
    return _raise(rng, world, user, sent_at, scenario.other_lift)


def _chosen(
    rng: np.random.Generator, world: World, scenario: Scenario, at: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw recipients, when each gets it, and who qualified and was left out."""
    odds = world.is_reachable * scenario.audience(world, at)
    qualified = np.flatnonzero(odds)
    count = len(qualified) if scenario.recipients is None else scenario.recipients
    chances = odds[qualified] / odds.sum()
    user = np.sort(rng.choice(qualified, count, replace=False, p=chances))
    left_out = np.setdiff1d(qualified, user) if scenario.is_random else user[:0]
    return user, _within(rng, np.full(count, at), scenario.sending), left_out


def _acting(
    rng: np.random.Generator, world: World, scenario: Scenario, at: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw whom an automation pushes as they act, and when; nobody is left out."""
    fires = (
        (rng.random(len(world.session_at)) < FIRES)
        & world.is_reachable[world.session_user]
        & (world.session_at >= at)
        & (world.session_at < at + scenario.fires_for)
    )
    acted_at = world.session_at[fires]
    if scenario.fires_hourly:
        sent_at = _within(rng, acted_at // HOUR * HOUR + HOUR, SENDING)
    else:
        sent_at = _within(rng, acted_at + 1, MINUTE)
    order = np.argsort(sent_at, kind="stable")
    user, first = np.unique(world.session_user[fires][order], return_index=True)
    return user, sent_at[order][first], user[:0]


def _send_later(rng: np.random.Generator, world: World, at: int) -> World:
    """Push whoever was active for a day and got no push during the cool-down."""
    is_active = world.sessions_between(at - DAY, at) > 0
    is_free = ~world.were_pushed(at - COOL_DOWN, at)
    user = np.flatnonzero(world.is_reachable & is_active & is_free)
    return world.with_pushes(
        "a day later", user, _within(rng, np.full(len(user), at), SENDING)
    )


def _raise(
    rng: np.random.Generator,
    world: World,
    user: np.ndarray,
    at: np.ndarray,
    lift: float,
) -> World:
    """Let users do more for 48 hours from an instant on."""
    more = _extra_sessions(rng, world, user, at, (lift, lift))
    return replace(
        world.with_sessions(*more),
        raised_user=np.append(world.raised_user, user),
        raised_at=np.append(world.raised_at, at),
        raised_by=np.append(world.raised_by, np.full(len(user), lift)),
    )


def _with_caused(rng: np.random.Generator, world: World) -> World:
    """Draw the sessions that the measured push causes where it works."""
    user, at = _extra_sessions(rng, world, *world.recipients, world.lift_by_day)
    return replace(world, caused_user=user, caused_at=at)


def _extra_sessions(
    rng: np.random.Generator,
    world: World,
    user: np.ndarray,
    at: np.ndarray,
    lift_by_day: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray]:
    """Draw who does more, and when, on the two days from an instant on."""
    most = max(lift_by_day)
    position, since_start = draw_sessions(rng, most * world.daily_rate[user])
    since = world.started_at + since_start - at[position]
    is_inside = (since >= 0) & (since < POST_WINDOW)
    position, since = position[is_inside], since[is_inside]
    is_kept = most * rng.random(len(since)) < np.array(lift_by_day)[since // DAY]
    return user[position[is_kept]], (at[position] + since)[is_kept]


def _within(rng: np.random.Generator, at: np.ndarray, sending: int) -> np.ndarray:
    return at + rng.integers(0, sending, len(at))
