"""The method on worlds whose truth is known.

Every world is measured with a push that does nothing and with one that works; where
the audience was drawn at random, also as the experiment that it would be, had all who
were not drawn been held out on purpose.

Data flow: a world -> cells of users, as the models of the method count them -> the
step's statistics -> results beside the truth.
"""

import zlib
from functools import partial

import pyarrow.compute as pc

from calibration.cells import LIFTED, METRICS, count_cells
from calibration.estimates import adjusted_rows, estimate, experiment_rows
from calibration.method import Method
from calibration.scenarios import SCENARIOS
from calibration.tally import Result
from calibration.truth import true_lift
from calibration.world import World
from calibration.worlds import draw_world

SEED = 2026


def measure_world(method: Method, name: str, number: int) -> list[Result]:
    """Draw a world and measure its campaign.

    Args:
        method: The compiled method.
        name: One of SCENARIOS.
        number: Which world of it; the same number always gives the same world.

    Returns:
        A result per metric, for a push that does nothing and for one that works.
    """
    world = draw_world(SCENARIOS[name], [SEED, zlib.crc32(name.encode()), number])
    has_holdout = SCENARIOS[name].has_holdout
    # users without pushes and placebo dates take long, and serve only where reachable
    # users are refused
    quick_method, quick_world = method.without_placebo_dates(), world.of_reachable()
    results = _results(quick_method, quick_world, has_holdout)
    if any(result.is_refused for result in results):
        results = _results(method, world, has_holdout)
    return results


def _results(method: Method, world: World, has_holdout: bool) -> list[Result]:
    """Run the method on a world, and the experiment if there is one."""
    counted = count_cells(method, world)
    parameters = method.parameters
    share = world.held_out_share
    experiment = experiment_rows(counted.cells, share, parameters)
    if has_holdout:
        rows = adjusted_rows(counted.cells, share, parameters)
    else:
        known = [table.filter(pc.field("arm") != "held_out") for table in counted.cells]
        rows = adjusted_rows(known, None, parameters)
    results = []
    for metric, one_of in METRICS.items():
        for is_effective, name in ((False, metric), (True, LIFTED[metric])):
            row, by_lot = rows[name], experiment.get(name)
            is_alone = row["design_tier"] != "T1" and not row["is_contaminated"]
            recipients = counted.alone if is_alone else counted.everyone
            truth = partial(true_lift, world, recipients, is_effective, one_of)
            results.append(
                Result(
                    metric,
                    is_effective,
                    is_refused=row["design_tier"] == "T3",
                    capped=estimate(row, "adjusted", truth),
                    uncapped=estimate(row, "full", truth),
                    experiment=by_lot and estimate(by_lot, "full", truth),
                )
            )
    return results
