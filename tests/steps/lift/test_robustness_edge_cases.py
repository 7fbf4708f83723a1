"""The table of edge cases again, for matched windows, outliers and capped rates."""

import math

import pyarrow as pa
import pytest

from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.robustness.lift_robustness import lift_robustness
from steps.lift.robustness.outliers import find_outliers
from tests.steps.lift.counts import (
    HISTOGRAM,
    PARAMETERS,
    SUMS,
    count_tables,
    recipients,
)
from tests.steps.lift.sensitivity import daily_table, robustness_of
from warehouse.errors import UserError

KEY = ("campaign", "sessions")
RULES = ["iqr", "z", "modified_z", "capped"]
STATUSES = [f"{rule}_status" for rule in RULES]
TESTS = [
    f"{block}_{name}"
    for block in ["matched_window", *RULES]
    for name in ("p", "low", "high")
]
COUNTED = ["matched_window_recipients", "capped_outliers"]
COUNTED += ["iqr_outliers", "z_outliers", "modified_z_outliers"]


def test_nobody_included() -> None:
    row = robustness_of([])
    assert {row[name] for name in COUNTED} == {0}
    assert {row[name] for name in STATUSES} == {"degenerate"}
    others = row.keys() - {"campaign_key", "metric", *COUNTED, *STATUSES}
    assert {row[name] for name in others} == {None}


def test_one_recipient_has_a_lift_and_no_test() -> None:
    row = robustness_of(recipients([30], [4]), recipients([2], [4], hours=96))
    assert (
        row["matched_window_recipients"],
        row["matched_window_lift"],
        row["matched_window_percent"],
    ) == (1, 1.5, 300)
    assert (row["capped_lift"], row["capped_sd"]) == (pytest.approx(1, abs=1e-3), None)
    assert {row[name] for name in [*TESTS, "matched_window_se"]} == {None}
    assert [row[name] for name in STATUSES] == [
        *("zero_iqr", "n_too_small", "zero_mad", "degenerate")
    ]
    assert row["outlier_sensitivity"] is None


def test_the_same_lift_for_everyone_is_no_evidence() -> None:
    row = robustness_of(
        recipients([15] * 40, [3] * 40), recipients([4] * 40, [3] * 40, hours=192)
    )
    assert (row["matched_window_lift"], row["matched_window_se"]) == (1, 0)
    assert (row["capped_lift"], row["capped_sd"], row["capped_t"]) == (1, 0, None)
    assert {row[name] for name in TESTS} == {None}
    assert [row[name] for name in STATUSES] == [
        *("zero_iqr", "degenerate", "zero_mad", "degenerate")
    ]


def test_nobody_changed() -> None:
    """No lift for sure, against the month and against the matched windows."""
    row = robustness_of(
        recipients([0, 30] * 20, [0, 2] * 20),
        recipients([0, 8] * 20, [0, 2] * 20, hours=192),
    )
    for block in ("matched_window", "capped"):
        assert (row[f"{block}_lift"], row[f"{block}_p"]) == (0, 1)
        assert (row[f"{block}_low"], row[f"{block}_high"]) == (0, 0)
    assert row["capped_status"] == "degenerate"
    assert row["outlier_sensitivity"] is None


def test_no_matched_baseline_has_a_lift_but_no_percent() -> None:
    row = robustness_of(
        recipients([1] * 60, [1, 2] * 30), recipients([0] * 60, [1, 2] * 30, hours=192)
    )
    assert row["matched_window_lift"] == 0.75
    assert row["matched_window_p"] < 1e-20
    assert row["matched_window_percent"] is None


@pytest.mark.parametrize("column", ["recipients", "sum_baseline"])
@pytest.mark.parametrize("value", [None, -1])
def test_an_impossible_count_stops_the_run(column: str, value: int | None) -> None:
    sums, histogram, known = count_tables({KEY: recipients([1, 2], [1, 0])})
    lift = campaign_lift(sums, histogram, known, PARAMETERS)
    outliers = find_outliers(lift, histogram, PARAMETERS)
    wrong = pa.Table.from_pylist([sums.to_pylist()[0] | {column: value}], SUMS)
    with pytest.raises(UserError, match=f"empty or impossible value in {column}"):
        lift_robustness(lift, outliers, wrong, daily_table({}), PARAMETERS)


def test_a_histogram_of_other_people_stops_the_run() -> None:
    people = recipients([1, 2, 3], [1, 0, 1])
    lift = campaign_lift(*count_tables({KEY: people}), PARAMETERS)
    _, histogram, _ = count_tables({KEY: people[1:]})
    with pytest.raises(UserError, match="different recipients"):
        find_outliers(lift, histogram, PARAMETERS)


def test_a_p_value_below_every_double() -> None:
    """Two outliers among a hundred thousand sure lifts; p is 0 and no error."""
    people = recipients([0] * 50_000 + [15] * 50_000, [3] * 50_000 + [6] * 50_000)
    row = robustness_of([*people, (720, 0, 900), (720, 9_000, 0)], people)
    assert (row["matched_window_p"], row["iqr_p"], row["z_p"], row["capped_p"]) == (
        0,
        0,
        0,
        0,
    )
    assert row["outlier_sensitivity"] == "stable"


@pytest.mark.parametrize(("number", "status"), [(10, "n_too_small"), (11, "ok")])
def test_no_z_score_reaches_three_in_ten_recipients(number: int, status: str) -> None:
    row = robustness_of(recipients(range(number), [3] * (number - 1) + [90_000]))
    assert row["z_status"] == status
    assert row["z_outliers"] == (number > 10)


def test_an_open_window_shows_no_test() -> None:
    """Partial counts would read as a loss, with and without outliers."""
    people = recipients(range(60), [1, 2, 3] * 20)
    sums, histogram, known = count_tables({KEY: people}, open_campaigns=[KEY[0]])
    lift = campaign_lift(sums, histogram, known, PARAMETERS)
    outliers = find_outliers(lift, histogram, PARAMETERS)
    table = lift_robustness(lift, outliers, sums, daily_table({}), PARAMETERS)
    row = table.to_pylist()[0]
    assert {row[name] for name in [*TESTS, "outlier_sensitivity"]} == {None}
    complete = robustness_of(people, people)
    assert None not in {complete[name] for name in [*TESTS, "outlier_sensitivity"]}


def test_a_huge_audience_needs_no_loop() -> None:
    """Ten million recipients in three cells."""
    n = 10_000_000
    cells = {(0, 0): n - 1_000, (30, 1): 900, (0, 40): 100}
    keys = {"campaign_key": KEY[0], "metric": KEY[1], "baseline_hours": 720}
    histogram = pa.Table.from_pylist(
        [
            keys | {"baseline_count": x, "post_count": y, "recipients": number}
            for (x, y), number in cells.items()
        ],
        HISTOGRAM,
    )
    sums = pa.Table.from_pylist(
        [
            keys
            | {
                "recipients": n,
                "sum_post": 900 + 4_000,
                "sum_baseline": 27_000,
                "sum_post_squared": 900 + 160_000,
                "sum_baseline_squared": 810_000,
                "sum_post_baseline": 27_000,
                "post_active": 1_000,
            }
        ],
        SUMS,
    )
    _, _, known = count_tables({KEY: []})
    lift = campaign_lift(sums, histogram, known, PARAMETERS)
    outliers = find_outliers(lift, histogram, PARAMETERS)
    table = lift_robustness(lift, outliers, sums, daily_table({}), PARAMETERS)
    row = table.to_pylist()[0]
    # lifts of -0.5 and 20: a deviation of 0.065, beyond three of which are all
    assert (row["z_outliers"], row["z_lift"]) == (1_000, 0)
    assert (row["iqr_status"], row["capped_status"]) == ("zero_iqr", "zero_cap")
    mean = (100 * 20 - 900 * 0.5) / n
    squares = 100 * 20**2 + 900 * 0.5**2
    assert row["matched_window_lift"] == pytest.approx(mean, rel=1e-12)
    assert row["matched_window_se"] == pytest.approx(
        math.sqrt(squares / n - mean**2) / n**0.5
    )
