"""The method on worlds whose truth is known: `make calibrate`, small.

The bounds leave room for chance, and the seeds are fixed: at a rate of 5 % more than
one of six is significant in one of thirty cases.
"""

from concurrent.futures import Executor

import pytest

from calibration.method import Method
from calibration.simulation import simulate
from calibration.tally import tally

WORLDS = 6
ALPHA = 0.05


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["just active", "lapsed for a week"])
def test_a_chosen_audience_misleads_the_observed_test_and_not_the_verdict(
    executor: Executor, method: Method, scenario: str
) -> None:
    found = tally(simulate(executor, method, scenario, 0.0, WORLDS), 0.0, ALPHA)
    assert found.observed_significant >= 0.7
    assert abs(found.observed_bias) > 20
    assert found.decided >= 5
    assert found.significant <= 1 / 5
    assert abs(found.bias) < abs(found.observed_bias) / 2


@pytest.mark.slow
def test_a_true_lift_is_covered_and_hardly_biased(
    executor: Executor, method: Method
) -> None:
    found = tally(simulate(executor, method, "anyone", 0.2, WORLDS), 0.2, ALPHA)
    assert found.tiers == {"T2a": WORLDS}
    assert found.coverage >= 0.8
    assert abs(found.bias) < 5


@pytest.mark.parametrize(
    ("scenario", "tier"),
    [
        ("random holdout", "T1"),
        ("only opted-out controls", "T2b"),
        ("everyone just active", "T3"),
    ],
)
def test_the_best_design_that_the_data_allow(
    executor: Executor, method: Method, scenario: str, tier: str
) -> None:
    (row,) = simulate(executor, method, scenario, 0.0, 1)
    assert row["design_tier"] == tier
    assert (row["adjusted_lift"] is None) == (tier == "T3")
