"""What the step answers where a test means nothing: the table of edge cases."""

from dataclasses import replace

import numpy as np
import pytest

from steps.lift.observed.campaign_lift import SCHEMA, campaign_lift
from tests.steps.lift.counts import PARAMETERS, count_tables, lift_of, recipients
from warehouse.errors import UserError

TEST_COLUMNS = ["p_value", "log10_p", "q_value", "family_size", "ci_lo", "ci_hi"]
INTERVALS = ["ci_lo", "ci_hi", "pct_lo", "pct_hi", "d_z_lo", "d_z_hi"]


def test_nobody_included() -> None:
    row = lift_of([])
    assert (row["n"], row["sum_post"], row["sum_baseline"]) == (0, 0, 0)
    assert row["observed_status"] == "degenerate"
    assert row["pct_status"] == "not_available"
    doubles = [field.name for field in SCHEMA if field.type == "double"]
    assert {row[name] for name in [*doubles, "n_required", "family_size"]} == {None}


def test_one_recipient_has_a_mean_and_no_test() -> None:
    row = lift_of(recipients([30], [4]))
    assert (row["lift_mean"], row["lift_median"]) == (1.0, 1.0)
    undefined = [*TEST_COLUMNS, *INTERVALS, "lift_sd", "lift_se", "t", "df", "d_z"]
    assert {row[name] for name in undefined} == {None}
    assert row["observed_status"] == "too_few_recipients"


def test_the_same_lift_for_everyone_is_no_evidence() -> None:
    """scipy answers t = inf, p = 0; here also across baselines of unequal length."""
    people = recipients([15] * 40, [3] * 40) + recipients([7] * 40, [3] * 40, hours=336)
    row = lift_of(people)
    assert (row["lift_mean"], row["lift_sd"]) == (1.0, 0.0)
    assert {row[name] for name in [*TEST_COLUMNS, *INTERVALS, "t", "d_z"]} == {None}
    assert row["observed_status"] == "degenerate"


def test_nobody_changed() -> None:
    row = lift_of(recipients([0, 30] * 20, [0, 2] * 20))
    assert row["lift_mean"] == 0
    assert (row["p_value"], row["log10_p"]) == (1, 0)
    assert (row["ci_lo"], row["ci_hi"]) == (0, 0)
    assert (row["pct_lift"], row["pct_lo"], row["pct_hi"]) == (0, 0, 0)
    assert row["observed_status"] == "degenerate"


def test_nobody_did_anything() -> None:
    row = lift_of(recipients([0] * 40, [0] * 40))
    assert (row["lift_mean"], row["p_value"]) == (0, 1)
    assert (row["ci_lo"], row["ci_hi"]) == (0, 0)
    assert (row["pct_lift"], row["pct_status"]) == (None, "zero_baseline")
    assert row["observed_status"] == "degenerate"


def test_no_baseline_has_a_lift_but_no_percent() -> None:
    row = lift_of(recipients([0] * 60, [1, 2] * 30))
    assert row["observed_status"] == "ok"
    assert row["p_value"] < 1e-20
    assert row["ci_lo"] < row["lift_mean"] == 0.75 < row["ci_hi"]
    assert row["pct_status"] == "zero_baseline"
    no_answer = ["pct_lift", "pct_lo", "pct_hi", "mde_pct", "n_required"]
    assert {row[name] for name in [*no_answer, "power_target"]} == {None}
    assert row["mde_abs"] > 0


def test_a_rare_baseline_leaves_the_percent_without_bounds() -> None:
    row = lift_of(recipients([5] + [0] * 59, [1, 2] * 30))
    assert row["pct_status"] == "unbounded"
    assert row["pct_lift"] == pytest.approx(100 * (90 * 15 / 5 - 1))
    assert (row["pct_lo"], row["pct_hi"]) == (None, None)


@pytest.mark.parametrize(
    ("number", "active", "status"),
    [
        (29, 29, "too_few_recipients"),
        (30, 29, "too_few_events"),
        (30, 30, "ok"),
        (500, 29, "too_few_events"),
    ],
)
def test_small_samples_show_no_test(number: int, active: int, status: str) -> None:
    post = [1 + person % 2 for person in range(active)] + [0] * (number - active)
    row = lift_of(recipients([person % 3 for person in range(number)], post))
    assert row["observed_status"] == status
    is_shown = status == "ok"
    for name in [*TEST_COLUMNS, *INTERVALS]:
        assert (row[name] is not None) == is_shown, name
    assert row["pct_status"] == ("ok" if is_shown else "not_available")
    for name in ["lift_mean", "lift_median", "lift_sd", "lift_se", "t", "pct_lift"]:
        assert row[name] is not None, name


def test_a_p_value_below_every_double() -> None:
    row = lift_of(recipients([0] * 50_000 + [15] * 50_000, [3] * 50_000 + [6] * 50_000))
    assert row["p_value"] == 0
    assert row["log10_p"] < -10_000
    assert row["q_value"] == 0


def test_a_huge_audience_needs_no_loop() -> None:
    """Ten million recipients, where library power functions answer NaN."""
    n = 10_000_000
    sums, histogram, campaigns = count_tables({("campaign", "sessions"): []})
    counts = {
        "recipients": n,
        "sum_post": n // 10,
        "sum_baseline": n,
        "sum_post_squared": n // 10,
        "sum_baseline_squared": 2 * n,
        "sum_post_baseline": n // 10,
        "post_active": n // 10,
    }
    row = sums.to_pylist()[0] | counts
    cells = [(0, 0, 4 * n // 10), (1, 0, 2 * n // 10), (2, 0, 3 * n // 10)]
    cells.append((2, 1, n // 10))
    keys = {"campaign_key": "campaign", "metric": "sessions", "baseline_hours": 720}
    rows = [
        keys | {"baseline_count": x, "post_count": y, "recipients": number}
        for x, y, number in cells
    ]
    lift = campaign_lift(
        type(sums).from_pylist([row], sums.schema),
        type(sums).from_pylist(rows, histogram.schema),
        campaigns,
        PARAMETERS,
    ).to_pylist()[0]
    assert lift["power_target"] == 1
    assert 3 <= lift["n_required"] < n
    assert np.isfinite([lift["d_z_lo"], lift["d_z_hi"], lift["g_z"]]).all()


def test_an_empty_warehouse_gives_an_empty_table() -> None:
    lift = campaign_lift(*count_tables({}), PARAMETERS)
    assert lift.num_rows == 0
    assert lift.schema.equals(SCHEMA)


def test_rows_without_a_test_are_not_of_the_family() -> None:
    clear = recipients([0, 15] * 30, [2, 4] * 30)
    tables = count_tables(
        {("a", "sessions"): clear, ("b", "sessions"): [], ("c", "sessions"): clear[:9]}
    )
    first, *others = campaign_lift(*tables, PARAMETERS).to_pylist()
    assert (first["family_size"], first["q_value"]) == (1, first["p_value"])
    assert [row["q_value"] for row in others] == [None, None]


def test_a_missing_count_stops_the_run() -> None:
    sums, *others = count_tables({("a", "sessions"): recipients([1], [1])})
    rows = [sums.to_pylist()[0] | {"sum_post": None}]
    with pytest.raises(UserError, match="empty or impossible value in sum_post"):
        campaign_lift(type(sums).from_pylist(rows, sums.schema), *others, PARAMETERS)


def test_tables_that_count_different_people_stop_the_run() -> None:
    people = recipients([1, 2, 3], [1, 0, 1])
    sums, *_ = count_tables({("a", "sessions"): people})
    _, *others = count_tables({("a", "sessions"): people[1:]})
    with pytest.raises(UserError, match="different recipients"):
        campaign_lift(sums, *others, PARAMETERS)


def test_an_open_window_shows_no_test() -> None:
    """Partial counts would read as a loss: no p-value until all windows are closed."""
    key = ("campaign", "sessions")
    people = recipients([0, 30] * 30, [0, 4] * 30)
    unchanged = recipients([0, 30] * 30, [0, 2] * 30)
    for counted in (people, unchanged, people[:9], []):
        tables = count_tables({key: counted}, open_campaigns=["campaign"])
        row = campaign_lift(*tables, PARAMETERS).to_pylist()[0]
        assert row["observed_status"] == "incomplete"
        assert {row[name] for name in [*TEST_COLUMNS, *INTERVALS]} == {None}
    complete = lift_of(people)
    assert complete["observed_status"] == "ok"


def test_limits_are_parameters() -> None:
    people = recipients([0, 15, 30], [1, 0, 3])
    lower = replace(PARAMETERS, min_recipients=3, min_post_active=2)
    assert lift_of(people)["observed_status"] == "too_few_recipients"
    assert lift_of(people, lower)["observed_status"] == "ok"
