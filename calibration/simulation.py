"""The method on many worlds whose truth is known."""

from concurrent.futures import Executor
from functools import partial

import pyarrow as pa

from calibration.core_tables import Tables, core_tables, holdout_tables
from calibration.method import Method
from calibration.scenarios import SCENARIOS
from calibration.tally import Row
from calibration.worlds import MEASURED, World, draw_world
from demo.world.columns import timestamps

SEED = 2026
METRIC = "sessions"


def simulate(
    executor: Executor, method: Method, scenario: str, lift: float, worlds: int
) -> list[Row]:
    """Measure the campaign of many worlds.

    Args:
        executor: Who measures.
        method: The compiled method.
        scenario: One of SCENARIOS.
        lift: What the campaign truly adds, as a share.
        worlds: How many; the first ones are always the same.

    Returns:
        One row of agg_push_campaign_lift per world.
    """
    measure = partial(measure_world, method, scenario, lift)
    return list(executor.map(measure, range(worlds)))


def measure_world(method: Method, scenario: str, lift: float, number: int) -> Row:
    """Draw a world and measure its campaign."""
    seed = [SEED, list(SCENARIOS).index(scenario), round(100 * lift), number]
    world = draw_world(SCENARIOS[scenario], lift, seed)
    held_out = holdout_tables(
        MEASURED, world.held_out, SCENARIOS[scenario].held_out_share
    )
    (row,) = method.measure(world_tables(world) | held_out).to_pylist()
    return row


def world_tables(world: World) -> Tables:
    """Return the core tables of a world, with nobody held out."""
    activity = {
        "user": world.session_user,
        "activity_type": pa.repeat(METRIC, len(world.session_at)),
        "occurred_at": timestamps(world.session_at),
    }
    sends = {
        "campaign_key": world.push_campaign,
        "user": world.push_user,
        "sent_at": timestamps(world.push_at),
    }
    return core_tables(
        world.joined_at,
        pa.table(activity),
        pa.table(sends),
        [MEASURED],
        (world.started_at, world.ended_at),
    )
