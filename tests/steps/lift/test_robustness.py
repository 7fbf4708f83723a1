"""The table of robustness, and the lift against matched windows."""

import numpy as np
import pytest
from scipy import stats

from tests.steps.lift.counts import Recipient, recipients
from tests.steps.lift.sensitivity import robustness_of, robustness_table
from warehouse.errors import UserError

MATCHED = ["matched_window_p", "matched_window_low", "matched_window_high"]
PEOPLE = recipients([30] * 40, [1, 3] * 20)


def matched_people(number: int, active: int, seed: int = 1) -> list[Recipient]:
    """Recipients with one to four matched windows of 48 hours."""
    random = np.random.default_rng(seed)
    weeks = random.integers(1, 5, number)
    before = random.poisson(2 * weeks)
    after = [1 + person % 3 for person in range(active)] + [0] * (number - active)
    return [
        (int(48 * week), int(x), y)
        for week, x, y in zip(weeks, before, after, strict=True)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_matched_windows_agree_with_scipy(seed: int) -> None:
    matched = matched_people(60, 45, seed)
    hours, before, after = np.array(matched, dtype=float).T
    baseline, post = 24 * before / hours, after / 2
    expected = stats.ttest_rel(post, baseline)
    row = robustness_of(PEOPLE, matched)
    lift = (post - baseline).mean()
    assert row["matched_window_recipients"] == 60
    assert row["matched_window_lift"] == pytest.approx(lift, rel=1e-12)
    assert row["matched_window_se"] == pytest.approx(
        stats.sem(post - baseline), rel=1e-12
    )
    assert row["matched_window_p"] == pytest.approx(expected.pvalue, rel=1e-9)
    assert row["matched_window_low"] == pytest.approx(
        expected.confidence_interval().low
    )
    assert row["matched_window_high"] == pytest.approx(
        expected.confidence_interval().high
    )
    assert row["matched_window_percent"] == pytest.approx(100 * lift / baseline.mean())


@pytest.mark.parametrize(("number", "active"), [(29, 29), (30, 14), (30, 15)])
def test_small_samples_show_no_matched_test(number: int, active: int) -> None:
    row = robustness_of(PEOPLE, matched_people(number, active))
    is_shown = (number, active) == (30, 15)
    assert [row[name] is not None for name in MATCHED] == [is_shown] * 3
    assert None not in {
        row["matched_window_lift"],
        row["matched_window_se"],
        row["matched_window_percent"],
    }


def test_every_campaign_has_a_row_in_order() -> None:
    keys = [("b", "trades"), ("a", "trades"), ("b", "sessions"), ("c", "sessions")]
    campaigns = dict.fromkeys(keys, PEOPLE) | {("c", "sessions"): []}
    matched = {("b", "sessions"): matched_people(40, 40)}
    rows = robustness_table(campaigns, matched).to_pylist()
    assert [(row["campaign_key"], row["metric"]) for row in rows] == sorted(keys)
    assert [row["matched_window_recipients"] for row in rows] == [0, 40, 0, 0]
    assert [row["matched_window_lift"] is None for row in rows] == [
        True,
        False,
        True,
        True,
    ]


def test_matched_windows_of_an_unknown_campaign_stop_the_run() -> None:
    with pytest.raises(UserError, match="count different campaigns"):
        robustness_table({("a", "sessions"): PEOPLE}, {("b", "sessions"): PEOPLE})


def test_nothing_gives_an_empty_table() -> None:
    assert robustness_table({}).num_rows == 0
