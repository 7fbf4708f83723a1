"""Whom campaigns go to, and what else moves people, in the worlds of the table."""

import numpy as np

from calibration.worlds import Scenario, World
from demo.world.scale import DAY, HOUR


def _anyone(world: World, at: int) -> np.ndarray:
    return world.joined_at < at


def _just_active(world: World, at: int) -> np.ndarray:
    return world.sessions_between(at - DAY, at) > 0


def _lapsed(world: World, at: int) -> np.ndarray:
    was_active = world.sessions_between(at - 30 * DAY, at) > 0
    return was_active & (world.sessions_between(at - 7 * DAY, at) == 0)


SCENARIOS = {
    "anyone": Scenario(_anyone),
    "just active": Scenario(_just_active, users=10_000, sent_share=0.25),
    "lapsed for a week": Scenario(_lapsed, sent_share=0.5),
    "weekdays, growth, shocks": Scenario(
        _anyone, growth_per_week=0.03, has_calendar=True
    ),
    "growth and newcomers": Scenario(_anyone, growth_per_week=0.03, newcomer_share=0.3),
    "overlapping pushes": Scenario(_anyone, other_share=0.4, other_lift=0.3),
    "only opted-out controls": Scenario(
        _anyone, sent_share=1.0, reachable_share=(0.15, 0.35), has_calendar=True
    ),
    "everyone just active": Scenario(_just_active, sent_share=1.0),
    "random holdout": Scenario(
        _anyone, sent_share=1.0, held_out_share=0.25, has_calendar=True
    ),
    "sent over five hours": Scenario(
        _anyone, users=10_000, sent_share=0.15, has_calendar=True, sending=5 * HOUR
    ),
}
