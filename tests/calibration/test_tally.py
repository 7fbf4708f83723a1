"""Tallies and lines against shares counted by hand."""

import numpy as np
import pytest

from calibration.lines import COLUMNS, NAME_WIDTH, pooled_line, scenario_line
from calibration.scenarios import NOBODY_LEFT, SCENARIOS
from calibration.tally import Estimate, Result, mean, share, tally, width_ratio

ALPHA = 0.05


def estimate(lift: float, p: float = 0.5, half: float = 1, true: float = 2) -> Estimate:
    """An estimate where the level is 10 and the true lift 2."""
    return Estimate(p, lift, lift - half, lift + half, true_level=10, true_lift=true)


def test_counted_by_hand() -> None:
    tested = [
        estimate(3.4, p=0.01),
        estimate(1.2, p=0.08),
        estimate(1.1, p=0.3, half=1.5),
        estimate(2, p=ALPHA),
    ]
    found = tally([None, *tested, None], ALPHA)
    assert found.significant.mean == 2 / 4
    assert found.coverage.mean == 3 / 4  # 2 is outside [2.4, 4.4] only
    assert found.bias.mean == pytest.approx(100 * (1.4 - 0.8 - 0.9 + 0) / 4 / 10)


def test_nothing_tested() -> None:
    found = tally([None], ALPHA)
    assert (found.significant, found.coverage, found.bias) == (None, None, None)
    assert width_ratio([(None, estimate(1)), (estimate(1), None)]) is None


def test_the_error_of_a_share_and_of_a_mean() -> None:
    assert share([True] * 3 + [False]).mean == 0.75
    # two more of each: 5 of 8
    assert share([True] * 3 + [False]).error == pytest.approx(
        np.sqrt(5 / 8 * 3 / 8 / 8)
    )
    assert share([False] * 16).error == pytest.approx(np.sqrt(0.1 * 0.9 / 20))
    assert mean([1, 2, 3]).error == pytest.approx(1 / np.sqrt(3))


def test_widths_are_compared_world_by_world() -> None:
    pairs = [
        (estimate(1, half=1), estimate(5, half=2)),
        (estimate(1, half=3), estimate(5, half=2)),
        (None, estimate(5, half=2)),
    ]
    assert width_ratio(pairs).mean == (0.5 + 1.5) / 2


def line_of(text: str) -> list[str]:
    """Return what stands in each column of a line."""
    ends = NAME_WIDTH + np.cumsum([width for _, _, width in COLUMNS])
    starts = [NAME_WIDTH, *ends[:-1]]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def test_a_line_shows_both_true_lifts_and_the_experiment() -> None:
    none = {"capped": None, "uncapped": None, "experiment": None}
    results = [
        Result(
            *("sessions", False, False),
            capped=estimate(0.5, 0.01, true=0),
            uncapped=estimate(2, half=2),
            experiment=estimate(1, half=2),
        ),
        Result("sessions", False, False, estimate(-0.3, true=0), None, None),
        Result("sessions", False, True, **none),
        Result(
            *("sessions", True, False),
            capped=estimate(3, p=0.01),
            uncapped=estimate(3, p=0.2, half=2),
            experiment=estimate(1, p=0.04, half=2),
        ),
        Result(
            *("sessions", True, False),
            capped=estimate(3.5, p=0.02),
            uncapped=estimate(3, p=0.2, half=2),
            experiment=estimate(1, p=0.4, half=2),
        ),
        Result("sessions", True, False, **none),
    ]
    name = "random holdout"
    line = scenario_line(name, SCENARIOS[name], results, ALPHA)
    assert line.startswith(name)
    assert [cell.split(" ±")[0] for cell in line_of(line)] == [
        *("3,000", "1,000", "67%", "17%", "50%", "100%", "50%", "+1.0", "+12.5"),
        *("+10.0", "100%", "0%", "50%", "0.50", "1.00"),
    ]
    pooled = pooled_line("sessions", results, ALPHA)
    assert line_of(pooled)[:2] == ["", ""]
    assert line_of(pooled)[2:] == line_of(line)[2:]


def test_a_line_says_why_a_scenario_is_not_among_all() -> None:
    refused = [Result("sessions", False, True, None, None, None)]
    name = "everyone who was just active"
    line = scenario_line(name, SCENARIOS[name], refused, ALPHA)
    assert line.endswith(NOBODY_LEFT)
    assert line_of(line)[3].startswith("100%")
    assert set(line_of(line)[4:]) == {"–"}
