"""What the step answers where a test means nothing: the table of edge cases."""

from dataclasses import replace

import numpy as np
import pytest

from steps.lift.observed.campaign_lift import campaign_lift
from tests.steps.lift.counts import PARAMETERS, count_tables, lift_of, recipients
from warehouse.errors import UserError

TEST_COLUMNS = [
    "observed_p",
    "observed_log10_p",
    "observed_q",
    "observed_family_size",
    "observed_low",
    "observed_high",
]
INTERVALS = [
    "observed_low",
    "observed_high",
    "observed_percent_low",
    "observed_percent_high",
    "effect_size_low",
    "effect_size_high",
]


def test_nobody_included() -> None:
    lift = campaign_lift(*count_tables({("campaign", "sessions"): []}), PARAMETERS)
    (row,) = lift.to_pylist()
    assert (row["recipients"], row["sum_post"], row["sum_baseline"]) == (0, 0, 0)
    assert row["observed_status"] == "degenerate"
    assert row["observed_percent_status"] == "not_available"
    doubles = [field.name for field in lift.schema if field.type == "double"]
    assert len(doubles) > 20
    assert {row[name] for name in doubles} == {None}


def test_one_recipient_has_a_mean_and_no_test() -> None:
    row = lift_of(recipients([30], [4]))
    assert (row["observed_lift"], row["observed_median"]) == (1.0, 1.0)
    undefined = [
        *TEST_COLUMNS,
        *INTERVALS,
        "observed_sd",
        "observed_se",
        "observed_t",
        "observed_df",
        "effect_size",
    ]
    assert {row[name] for name in undefined} == {None}
    assert row["observed_status"] == "too_few_recipients"


def test_the_same_lift_for_everyone_is_no_evidence() -> None:
    """scipy answers t = inf, p = 0; here also across baselines of unequal length."""
    people = recipients([15] * 40, [3] * 40) + recipients([7] * 40, [3] * 40, hours=336)
    row = lift_of(people)
    assert (row["observed_lift"], row["observed_sd"]) == (1.0, 0.0)
    assert {
        row[name] for name in [*TEST_COLUMNS, *INTERVALS, "observed_t", "effect_size"]
    } == {None}
    assert row["observed_status"] == "degenerate"


def test_nobody_changed() -> None:
    row = lift_of(recipients([0, 30] * 20, [0, 2] * 20))
    assert row["observed_lift"] == 0
    assert (row["observed_p"], row["observed_log10_p"]) == (1, 0)
    assert (row["observed_low"], row["observed_high"]) == (0, 0)
    assert (
        row["observed_percent"],
        row["observed_percent_low"],
        row["observed_percent_high"],
    ) == (0, 0, 0)
    assert row["observed_status"] == "degenerate"


def test_nobody_did_anything() -> None:
    row = lift_of(recipients([0] * 40, [0] * 40))
    assert (row["observed_lift"], row["observed_p"]) == (0, 1)
    assert (row["observed_low"], row["observed_high"]) == (0, 0)
    assert (row["observed_percent"], row["observed_percent_status"]) == (
        None,
        "zero_baseline",
    )
    assert row["observed_status"] == "degenerate"


def test_no_baseline_has_a_lift_but_no_percent() -> None:
    row = lift_of(recipients([0] * 60, [1, 2] * 30))
    assert row["observed_status"] == "ok"
    assert row["observed_p"] < 1e-20
    assert row["observed_low"] < row["observed_lift"] == 0.75 < row["observed_high"]
    assert row["observed_percent_status"] == "zero_baseline"
    no_answer = [
        "observed_percent",
        "observed_percent_low",
        "observed_percent_high",
        "observed_detectable_percent",
        "required_recipients",
    ]
    assert {row[name] for name in [*no_answer, "power_at_target"]} == {None}
    assert row["observed_detectable_lift"] > 0


def test_a_rare_baseline_leaves_the_percent_without_bounds() -> None:
    row = lift_of(recipients([5] + [0] * 59, [1, 2] * 30))
    assert row["observed_percent_status"] == "unbounded"
    assert row["observed_percent"] == pytest.approx(100 * (90 * 15 / 5 - 1))
    assert (row["observed_percent_low"], row["observed_percent_high"]) == (None, None)


@pytest.mark.parametrize(
    ("number", "active", "status"),
    [
        (29, 29, "too_few_recipients"),
        (30, 14, "too_few_events"),
        (30, 15, "ok"),
        (500, 14, "too_few_events"),
    ],
)
def test_small_samples_show_no_test(number: int, active: int, status: str) -> None:
    post = [1 + person % 2 for person in range(active)] + [0] * (number - active)
    row = lift_of(recipients([person % 3 for person in range(number)], post))
    assert row["observed_status"] == status
    is_shown = status == "ok"
    for name in [*TEST_COLUMNS, *INTERVALS]:
        assert (row[name] is not None) == is_shown, name
    assert row["observed_percent_status"] == ("ok" if is_shown else "not_available")
    for name in [
        "observed_lift",
        "observed_median",
        "observed_sd",
        "observed_se",
        "observed_t",
        "observed_percent",
    ]:
        assert row[name] is not None, name


def test_a_p_value_below_every_double() -> None:
    row = lift_of(recipients([0] * 50_000 + [15] * 50_000, [3] * 50_000 + [6] * 50_000))
    assert row["observed_p"] == 0
    assert row["observed_log10_p"] < -10_000
    assert row["observed_q"] == 0


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
    assert lift["power_at_target"] == 1
    assert 3 <= lift["required_recipients"] < n
    assert np.isfinite(
        [lift["effect_size_low"], lift["effect_size_high"], lift["effect_size_hedges"]]
    ).all()


def test_an_empty_warehouse_gives_an_empty_table() -> None:
    lift = campaign_lift(*count_tables({}), PARAMETERS)
    assert lift.num_rows == 0


def test_rows_without_a_test_are_not_of_the_family() -> None:
    clear = recipients([0, 15] * 30, [2, 4] * 30)
    tables = count_tables(
        {("a", "sessions"): clear, ("b", "sessions"): [], ("c", "sessions"): clear[:9]}
    )
    first, *others = campaign_lift(*tables, PARAMETERS).to_pylist()
    assert (first["observed_family_size"], first["observed_q"]) == (
        1,
        first["observed_p"],
    )
    assert [row["observed_q"] for row in others] == [None, None]


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
