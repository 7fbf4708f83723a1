"""The method on worlds whose truth is known: `make calibrate`, small.

The seeds are fixed, so nothing here depends on chance.
"""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from calibration.cells import IS_RECIPIENT, LIFTED, METRICS, Counted, count_cells
from calibration.method import Method
from calibration.scenarios import SCENARIOS
from calibration.simulation import measure_world
from calibration.world import POST_WINDOW, World
from calibration.worlds import draw_world
from tests.helpers.commands import run_module

SEED = [7]
SMALL = "anyone, 120 recipients"


@pytest.fixture(scope="module")
def world() -> World:
    """A small world whose audience is drawn at random."""
    return draw_world(SCENARIOS[SMALL], SEED)


@pytest.fixture(scope="module")
def counted(method: Method, world: World) -> Counted:
    """Its cells, without placebo dates."""
    return count_cells(method.without_placebo_dates(), world.of_reachable())


def test_the_cells_count_recipients_with_and_without_a_lift(
    world: World, counted: Counted
) -> None:
    """Every recipient of this world has a baseline and no other push."""
    cells = {table["metric"][0].as_py(): table for table in counted.cells}
    user, at = world.recipients
    assert sorted(counted.alone) == sorted(counted.everyone) == sorted(user)
    sent_at = dict(zip(user.tolist(), at.tolist(), strict=True))

    def count(users: np.ndarray, sessions: np.ndarray, one_of: int) -> int:
        return sum(
            session % one_of == 0 and 0 <= session - sent_at[user] < POST_WINDOW
            for user, session in zip(users.tolist(), sessions.tolist(), strict=True)
            if user in sent_at
        )

    for metric, one_of in METRICS.items():
        organic = count(world.session_user, world.session_at, one_of)
        caused = count(world.caused_user, world.caused_at, one_of)
        for name, expected in ((metric, organic), (LIFTED[metric], organic + caused)):
            table = cells[name].filter(IS_RECIPIENT)
            post, users = table["post_count"].to_numpy(), table["user_count"].to_numpy()
            assert np.sum(post * users) == expected
            assert users.sum() == len(user)


def test_controls_do_the_same_whether_the_push_works_or_not(counted: Counted) -> None:
    cells = {table["metric"][0].as_py(): table for table in counted.cells}
    for metric, lifted in LIFTED.items():
        first, second = (
            cells[name].filter(~IS_RECIPIENT).drop_columns(["metric"]).to_pylist()
            for name in (metric, lifted)
        )
        assert first == second
        assert {row["arm"] for row in first} >= {"reachable", "held_out"}


def test_controls_who_get_the_push_later_do_more_where_it_works(method: Method) -> None:
    world = draw_world(SCENARIOS["automation, each hour for 12 hours"], SEED)
    counted = count_cells(method.without_placebo_dates(), world.of_reachable())
    cells = {table["metric"][0].as_py(): table for table in counted.cells}
    totals = []
    for name in ("sessions", LIFTED["sessions"]):
        controls = cells[name].filter(pc.field("arm") == "reachable")
        post, users = (
            controls[each].to_numpy() for each in ("post_count", "user_count")
        )
        totals.append((users.sum(), np.sum(post * users)))
        assert controls["diluted_seconds"].to_numpy().sum() > 0
    assert totals[0][0] == totals[1][0]
    assert totals[0][1] < totals[1][1]


@pytest.mark.parametrize(
    ("scenario", "is_refused", "has_experiment"),
    [
        (SMALL, False, True),
        ("random holdout", False, True),
        ("only opted-out controls", False, False),
        ("automation, each hour for 12 hours", False, False),
        ("everyone who was just active", True, False),
    ],
)
def test_method_and_experiment_come_out_of_one_world(
    method: Method, scenario: str, is_refused: bool, has_experiment: bool
) -> None:
    results = measure_world(method, scenario, 0)
    assert [(each.metric, each.is_effective) for each in results] == [
        (metric, is_effective) for metric in METRICS for is_effective in (False, True)
    ]
    nothing, works = results[:2]
    assert nothing.is_refused == works.is_refused == is_refused
    assert (works.capped is None) == is_refused
    assert (works.experiment is not None) == has_experiment
    if is_refused:
        return
    assert (nothing.capped.true_lift, nothing.uncapped.true_lift) == (0, 0)
    assert works.uncapped.true_lift == pytest.approx(0.2 * works.uncapped.true_level)
    assert works.uncapped.lift > nothing.uncapped.lift
    assert (
        works.capped.high - works.capped.low < works.uncapped.high - works.uncapped.low
    )
    if has_experiment:
        known_holdout = SCENARIOS[scenario].has_holdout
        assert (works.experiment == works.uncapped) == known_holdout


def test_the_same_world_gives_the_same_results(method: Method) -> None:
    assert measure_world(method, SMALL, 1) == measure_world(method, SMALL, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--scenario", "nobody"], "--scenario: there is no scenario 'nobody'"),
        (["--worlds", "0"], "--worlds 0: simulate at least one world"),
    ],
)
def test_a_mistake_is_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    ended = run_module("calibration", *arguments, folder=tmp_path, environment={})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"error: {message}")
    assert ended.stderr.count("\n") == 1
