"""Whom campaigns go to, and what else moves people, in the worlds of the table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.world import World
from demo.world.scale import DAY, HOUR, MINUTE

SENDING = 30 * MINUTE
LIFT = 0.2

# what each user's odds are of being chosen at an instant; 0 if a user does not qualify
Audience = Callable[[World, int], np.ndarray]


@dataclass(frozen=True)
class Scenario:
    """What a world is like and whom its campaign goes to.

    Attributes:
        audience: The odds of being chosen when the campaign begins.
        users: How many people there are.
        recipients: How many of those who qualify get the push; None for all.
        caveat: Why the method cannot be right here; empty if it should be.
        has_holdout: Whether those who qualify and get no push are a known holdout.
        is_random: Whether all who qualify have the same odds.
        reachable_share: Share of reachable users among the less and the more active.
        growth_per_week: Relative growth of everybody's rate.
        newcomer_share: Share of the users who join during the tracked time.
        has_calendar: Whether weekdays and shocks move everybody.
        sending: How long the pushes of the campaign take to be sent.
        fires_for: How long an automation pushes people as they act; 0 for a campaign
            whose audience is chosen before.
        fires_hourly: Whether it does so at the next full hour, and not at once.
        lift_by_day: What the push adds on its first and second day where it works.
        event_lift: What something else adds for the recipients at the same time.
        other_share: Share of the reachable users who get another push a day before,
            and of those who get one a day later.
        other_lift: What these pushes add.
        has_later_push: Whether whoever was active on the day of the push, and got no
            push for three days, gets another one a day later.
    """

    audience: Audience
    users: int
    recipients: int | None
    caveat: str = ""
    has_holdout: bool = False
    is_random: bool = True
    reachable_share: tuple[float, float] = (0.5, 0.8)
    growth_per_week: float = 0.0
    newcomer_share: float = 0.0
    has_calendar: bool = False
    sending: int = SENDING
    fires_for: int = 0
    fires_hourly: bool = True
    lift_by_day: tuple[float, float] = (LIFT, LIFT)
    event_lift: float = 0.0
    other_share: float = 0.0
    other_lift: float = 0.0
    has_later_push: bool = False


def _anyone(world: World, at: int) -> np.ndarray:
    return world.joined_at < at


def _active_within(hours: int) -> Audience:
    def odds(world: World, at: int) -> np.ndarray:
        return world.sessions_between(at - hours * HOUR, at) > 0

    return odds


def _silent_for(days: int) -> Audience:
    def odds(world: World, at: int) -> np.ndarray:
        was_active = world.sessions_between(at - 30 * DAY, at) > 0
        return was_active & (world.sessions_between(at - days * DAY, at) == 0)

    return odds


def _new(world: World, at: int) -> np.ndarray:
    return (at - 60 * DAY < world.joined_at) & (world.joined_at < at)


def _engaged(world: World, at: int) -> np.ndarray:
    return (1 + world.sessions_between(at - 7 * DAY, at)) ** 0.8


LOWER_BOUND = "a lower bound: some controls get the push later"
NOT_VISIBLE = "to be misled: nothing measured tells such an event from the push"
NOBODY_ALIKE = "to be refused: nobody else has acted in the very minute"
NOBODY_LEFT = "to be refused: nobody is left to compare with"

SCENARIOS = {
    "anyone, 60 recipients": Scenario(_anyone, 2000, 60),
    "anyone, 120 recipients": Scenario(_anyone, 2000, 120),
    "weekdays and shocks, 300 recipients": Scenario(
        _anyone, 2000, 300, has_calendar=True
    ),
    "weekdays and shocks, 1,000 recipients": Scenario(
        _anyone, 4000, 1000, growth_per_week=0.03, has_calendar=True
    ),
    "just active, 120 recipients": Scenario(_active_within(24), 2000, 120),
    "just active, 300 recipients": Scenario(_active_within(24), 4000, 300),
    "active in the last 10 hours": Scenario(_active_within(10), 4000, 120),
    "lapsed for a week, 120 recipients": Scenario(_silent_for(7), 2000, 120),
    "lapsed for a week, 300 recipients": Scenario(_silent_for(7), 3000, 300),
    "silent for 5 days": Scenario(_silent_for(5), 3000, 300),
    "joined in the last 60 days": Scenario(
        _new, 2000, 300, growth_per_week=0.03, newcomer_share=0.8
    ),
    "engaged people rather than others": Scenario(_engaged, 3000, 300, is_random=False),
    "overlapping pushes": Scenario(_anyone, 2000, 200, other_share=0.3, other_lift=0.2),
    "later pushes with a cool-down": Scenario(
        _active_within(24), 4000, 300, has_later_push=True
    ),
    "automation, each hour for 12 hours": Scenario(
        _anyone, 3000, None, LOWER_BOUND, is_random=False, fires_for=12 * HOUR
    ),
    "automation, each hour for 4 hours": Scenario(
        _anyone, 3000, None, LOWER_BOUND, is_random=False, fires_for=4 * HOUR
    ),
    "automation, at once for 12 hours": Scenario(
        *(_anyone, 1500, None, NOBODY_ALIKE),
        is_random=False,
        fires_for=12 * HOUR,
        fires_hourly=False,
    ),
    "sent over five hours": Scenario(
        _anyone, 2000, 200, LOWER_BOUND, has_calendar=True, sending=5 * HOUR
    ),
    "lift of the first day only": Scenario(
        _anyone, 3000, 800, has_calendar=True, lift_by_day=(LIFT, 0.0)
    ),
    "three quarters of the lift on day one": Scenario(
        _anyone, 3000, 800, has_calendar=True, lift_by_day=(1.5 * LIFT, 0.5 * LIFT)
    ),
    "random holdout": Scenario(
        _anyone, 3000, 1000, has_holdout=True, has_calendar=True
    ),
    "only opted-out controls": Scenario(
        _anyone, 3000, None, reachable_share=(0.15, 0.35), has_calendar=True
    ),
    "just active, only opted-out controls": Scenario(
        _active_within(24), 3000, None, reachable_share=(0.3, 0.5)
    ),
    "coincident event": Scenario(
        _active_within(24), 3000, 200, NOT_VISIBLE, is_random=False, event_lift=0.1
    ),
    "everyone who was just active": Scenario(
        _active_within(24), 1000, None, NOBODY_LEFT, reachable_share=(1.0, 1.0)
    ),
}
