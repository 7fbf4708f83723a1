"""Small worlds whose truth is known: people, what they do, and the pushes they get.

A push multiplies the rate of sessions for 48 hours, so the true lift of a campaign
is the same percentage for each of its recipients.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from calibration.behaviour import draw_calendar, draw_daily_rates, draw_sessions
from demo.world.scale import DAY, HOUR, MINUTE

MEASURED = "measured"
FIRST_DAY, FIRST_WEEKDAY = 20_454, 3  # Thursday, 2026-01-01; in days since 1970
DAYS = 92
SENT_ON_DAY = 89
SENT_FROM_HOUR, SENT_TO_HOUR = 9, 20
SENDING = 30 * MINUTE
POST_WINDOW = 48 * HOUR
BACKGROUND_DAYS = range(5, SENT_ON_DAY, 10)
BACKGROUND_SHARE = 0.3
LONG_AGO = -365  # the day on which those joined who are no newcomers


@dataclass(frozen=True)
class World:
    """Users by position, their sessions and pushes; instants are microseconds.

    Attributes:
        joined_at: When the app first saw each user.
        is_reachable: Users who allow pushes.
        daily_rate: Sessions to expect of each user on each day, without any push.
        started_at: First instant of the tracked time.
        session_user: The user of each session.
        session_at: The start of each session.
        push_campaign: The name of the campaign of each push.
        push_user: The recipient of each push.
        push_at: When each push arrives.
        held_out: Users who were held out of the measured campaign at random.
    """

    joined_at: np.ndarray
    is_reachable: np.ndarray
    daily_rate: np.ndarray
    started_at: int
    session_user: np.ndarray
    session_at: np.ndarray
    push_campaign: np.ndarray
    push_user: np.ndarray
    push_at: np.ndarray
    held_out: np.ndarray

    @property
    def ended_at(self) -> int:
        """End of the tracked time."""
        return self.started_at + DAYS * DAY

    def sessions_between(self, start: int, end: int) -> np.ndarray:
        """Count each user's sessions in [start, end)."""
        is_inside = (self.session_at >= start) & (self.session_at < end)
        return np.bincount(self.session_user[is_inside], minlength=len(self.joined_at))


Audience = Callable[[World, int], np.ndarray]


@dataclass(frozen=True)
class Scenario:
    """What a world is like and whom its campaign goes to.

    Attributes:
        audience: Marks the users who qualify when the campaign begins.
        users: How many people there are.
        sent_share: Share of the reachable among them who get the push.
        held_out_share: Share of these who are held out at random instead.
        reachable_share: Share of reachable users among the less and the more active.
        growth_per_week: Relative growth of everybody's rate.
        newcomer_share: Share of the users who join during the tracked time.
        has_calendar: Whether weekdays and shocks move everybody.
        sending: How long the pushes of the campaign take to be sent.
        other_share: Share of the reachable users who get another push a day later.
        other_lift: What every push except the measured one adds to sessions.
    """

    audience: Audience
    users: int = 5000
    sent_share: float = 0.3
    held_out_share: float = 0.0
    reachable_share: tuple[float, float] = (0.5, 0.8)
    growth_per_week: float = 0.0
    newcomer_share: float = 0.0
    has_calendar: bool = False
    sending: int = SENDING
    other_share: float = 0.0
    other_lift: float = 0.0


def draw_world(scenario: Scenario, lift: float, seed: list[int]) -> World:
    """Draw the world of a seed.

    Args:
        scenario: What the world is like.
        lift: What the measured campaign truly adds to its recipients' sessions.
        seed: The same numbers always give the same world.
    """
    rng = np.random.default_rng(seed)
    hour = int(rng.integers(SENT_FROM_HOUR, SENT_TO_HOUR)) * HOUR
    world = _send_background(rng, _without_pushes(rng, scenario), scenario, hour)
    at = world.started_at + SENT_ON_DAY * DAY + hour
    qualified = np.flatnonzero(world.is_reachable & scenario.audience(world, at))
    chosen = qualified[rng.random(len(qualified)) < scenario.sent_share]
    is_held_out = rng.random(len(chosen)) < scenario.held_out_share
    reachable = np.flatnonzero(world.is_reachable)
    others = reachable[rng.random(len(reachable)) < scenario.other_share]
    recipients = chosen[~is_held_out]
    world = _send(rng, world, MEASURED, recipients, at, lift, scenario.sending)
    world = _send(rng, world, "another", others, at + DAY, scenario.other_lift)
    return replace(world, held_out=chosen[is_held_out])


def _without_pushes(rng: np.random.Generator, scenario: Scenario) -> World:
    """Draw users and what they do by themselves."""
    first_day = int(rng.integers(7))
    factor = (1 + scenario.growth_per_week) ** (np.arange(DAYS) / 7)
    if scenario.has_calendar:
        factor *= draw_calendar(rng, DAYS, FIRST_WEEKDAY + first_day)
    is_newcomer = rng.random(scenario.users) < scenario.newcomer_share
    join_day = np.where(is_newcomer, rng.integers(0, DAYS, scenario.users), LONG_AGO)
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
        push_campaign=np.zeros(0, str),
        push_user=nothing,
        push_at=nothing,
        held_out=nothing,
    )


def _send_background(
    rng: np.random.Generator, world: World, scenario: Scenario, hour: int
) -> World:
    """Send a first push to whoever is reachable, then some to some now and then."""
    reachable = np.flatnonzero(world.is_reachable)
    seen_at = np.maximum(world.joined_at, world.started_at)[reachable]
    world = _send(rng, world, "welcome", reachable, seen_at, scenario.other_lift)
    for day in BACKGROUND_DAYS:
        at = world.started_at + day * DAY + hour
        is_sent = rng.random(len(reachable)) < BACKGROUND_SHARE
        users = reachable[is_sent & (seen_at < at)]
        world = _send(rng, world, f"day {day}", users, at, scenario.other_lift)
    return world


def _send(
    rng: np.random.Generator,
    world: World,
    campaign: str,
    user: np.ndarray,
    at: np.ndarray | int,
    lift: float,
    sending: int = SENDING,
) -> World:
    """Send a push within half an hour or so, and add the sessions that it causes."""
    push_at = at + rng.integers(0, sending, len(user))
    position, since_start = draw_sessions(rng, lift * world.daily_rate[user])
    since_push = world.started_at + since_start - push_at[position]
    is_caused = (since_push >= 0) & (since_push < POST_WINDOW)
    caused_by = position[is_caused]
    return replace(
        world,
        session_user=np.append(world.session_user, user[caused_by]),
        session_at=np.append(
            world.session_at, push_at[caused_by] + since_push[is_caused]
        ),
        push_campaign=np.append(world.push_campaign, np.repeat(campaign, len(user))),
        push_user=np.append(world.push_user, user),
        push_at=np.append(world.push_at, push_at),
    )
