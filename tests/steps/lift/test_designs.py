"""The gates of every design, and every verdict, on small worlds."""

from dataclasses import replace

import numpy as np
import pytest

from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.designs import choose_design
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import Person, adjusted_of, alike, cells, placebo_people

SENT = alike("recipient", 120, more=2)
REACHABLE = alike("reachable", 240)
UNREACHABLE = alike("unreachable", 240)
WEEKS = range(1, 9)
ESTIMATES = [
    "adjusted_lift",
    "adjusted_se",
    "adjusted_p",
    "adjusted_low",
    "adjusted_percent",
    "adjusted_detectable_lift",
]
DESIGN = ["design_tier", "design_reason", "verdict"]


def changed(people: list[Person], **values: object) -> list[Person]:
    return [replace(person, **values) for person in people]


def test_reachable_controls() -> None:
    row = adjusted_of(SENT + REACHABLE)
    assert [row[name] for name in DESIGN] == ["T2a", "ok", "significant_up"]
    assert (row["matched_recipients"], row["controls"]) == (120, 240)
    assert row["matched_share"] == 1
    assert row["effective_controls"] == pytest.approx(240)
    assert row["max_weight"] == pytest.approx(1 / 240)
    differences = ["largest_smd", "smd_recency", "smd_rate", "smd_week"]
    assert [row[name] for name in differences] == pytest.approx([0] * 4, abs=1e-9)
    assert row["held_back_percent"] == pytest.approx(0, abs=1e-9)
    assert row["held_back_p"] == pytest.approx(1)
    assert row["adjusted_lift"] == pytest.approx(1, abs=1e-6)
    # what they would have done without: 1.5 a day
    assert row["adjusted_percent"] == pytest.approx(100 / 1.5, abs=1e-4)
    assert (
        row["adjusted_percent_low"]
        < row["adjusted_percent"]
        < row["adjusted_percent_high"]
    )
    assert (row["adjusted_q"], row["input_digest"]) == (row["adjusted_p"], "input")
    placebo = [
        "placebo_dates",
        "placebo_mean",
        "placebo_sd",
        "placebo_tau",
        "is_placebo_passed",
    ]
    assert {row[name] for name in [*placebo, "sample_ratio_p"]} == {None}


def test_a_loss_is_told_as_a_loss() -> None:
    row = adjusted_of(alike("recipient", 120) + alike("reachable", 240, more=2))
    assert row["verdict"] == "significant_down"
    assert row["adjusted_percent"] == pytest.approx(-40, abs=1e-4)


def test_unreachable_controls_and_what_placebo_dates_correct() -> None:
    """They do half an event a day less than reachable people, push or no push."""
    people = SENT + UNREACHABLE + placebo_people(48, WEEKS, more=1)
    row = adjusted_of(people)
    assert [row[name] for name in DESIGN] == ["T2b", "ok", "significant_up"]
    assert (row["controls"], row["placebo_dates"]) == (240, 8)
    assert row["placebo_mean"] == pytest.approx(0.5, abs=1e-6)
    assert (row["placebo_sd"], row["placebo_tau"]) == (pytest.approx(0, abs=1e-6), 0)
    # a bias at every date is corrected, but looks not as a good comparison does
    assert row["is_placebo_passed"] is False
    assert row["adjusted_lift"] == pytest.approx(0.5, abs=1e-6)


def test_no_history_in_the_regression_where_placebo_dates_have_none() -> None:
    """The dates must show the bias of the very comparison that they correct."""
    for people, has_history in (
        (SENT + REACHABLE, True),
        (SENT + UNREACHABLE + placebo_people(48, WEEKS), False),
    ):
        design = choose_design(cells_of(cells(people)), np.nan, PARAMETERS)
        assert design.reason == "ok"
        assert design.comparison.has_history is has_history


def test_nobody_to_compare_with() -> None:
    row = adjusted_of(SENT)
    assert [row[name] for name in DESIGN] == ["T3", "no_controls", "descriptive_only"]
    numbers = {k: v for k, v in row.items() if isinstance(v, int | float)}
    assert numbers == {"is_contaminated": False}


STRANGERS = changed(alike("recipient", 48), support_cell=7)
# a fifth more than the controls, long before
HISTORIC = [replace(person, long_rate=24 + person.long_rate) for person in SENT]
UNKNOWN = [replace(p, long_rate=None) if i >= 29 else p for i, p in enumerate(SENT)]


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (SENT + STRANGERS + REACHABLE, "matched_share"),
        (SENT + changed(STRANGERS, support_cell=-1) + REACHABLE, "matched_share"),
        # twelve controls are too few, however alike
        (SENT + REACHABLE[:12], "ess"),
        (SENT * 2 + REACHABLE[:48], "ess"),
        # what no weights can make alike
        (SENT + changed(REACHABLE, recency=2000), "balance"),
        (SENT + changed(REACHABLE, baseline_rate=60), "balance"),
        (SENT + changed(REACHABLE, week_count=2), "balance"),
        (HISTORIC + REACHABLE, "held_back"),
        (UNKNOWN + REACHABLE, "no_history"),
        (SENT + changed(REACHABLE, long_rate=None), "no_history"),
        (SENT + UNREACHABLE, "placebo_short"),
        (SENT + UNREACHABLE + placebo_people(48, range(1, 4)), "placebo_short"),
        # the reason is the one of the better design
        (HISTORIC + REACHABLE + UNREACHABLE, "held_back"),
        (SENT + REACHABLE[:12] + UNREACHABLE[:12], "ess"),
    ],
)
def test_gates(people: list[Person], reason: str) -> None:
    row = adjusted_of(people)
    assert [row[name] for name in DESIGN] == ["T3", reason, "descriptive_only"]
    assert {row[name] for name in [*ESTIMATES, "adjusted_q", "full_lift"]} == {None}
    # why it was refused stays visible
    assert row["matched_share"] is not None
    assert row["controls"] > 0


def test_gates_are_parameters() -> None:
    looser = replace(
        PARAMETERS,
        min_matched_share=0.5,
        min_ess_share=0.01,
        max_smd=1.0,
        max_held_back_share=2.0,
        min_placebo_weeks=3,
    )
    for people, tier in (
        (SENT + STRANGERS + REACHABLE, "T2a"),
        (SENT * 2 + REACHABLE[:48], "T2a"),
        (HISTORIC + REACHABLE, "T2a"),
        (SENT + UNREACHABLE + placebo_people(48, range(1, 4)), "T2b"),
    ):
        assert adjusted_of(people, looser)["design_tier"] == tier


def test_unreachable_people_step_in_where_reachable_ones_do_not_do() -> None:
    """They have no test of the months before: the placebo dates replace it."""
    placebos = placebo_people(48, WEEKS)
    for refused in (
        HISTORIC + REACHABLE + UNREACHABLE,
        UNKNOWN + REACHABLE + UNREACHABLE,
        SENT + REACHABLE[:12] + UNREACHABLE,
    ):
        row = adjusted_of(refused + placebos)
        assert [row[name] for name in DESIGN] == ["T2b", "ok", "significant_up"]
    row = adjusted_of(HISTORIC + REACHABLE + UNREACHABLE + placebos)
    assert row["held_back_percent"] == pytest.approx(100 * 24 / 112)


def test_recipients_of_other_pushes_are_left_out_and_told_apart() -> None:
    overlapping = alike("overlapping", 108, more=8)
    row = adjusted_of(SENT + overlapping + REACHABLE)
    assert (row["is_contaminated"], row["matched_recipients"]) == (False, 120)
    assert row["adjusted_lift"] == pytest.approx(1, abs=1e-6)
    assert row["everyone_lift"] == pytest.approx((120 * 1 + 108 * 4) / 228, abs=1e-6)
    assert row["everyone_low"] < row["everyone_lift"] < row["everyone_high"]


def test_an_audience_that_got_other_pushes_keeps_them() -> None:
    overlapping = alike("overlapping", 120, more=8)
    row = adjusted_of(SENT + overlapping + REACHABLE)
    assert (row["is_contaminated"], row["matched_recipients"]) == (True, 240)
    assert row["adjusted_lift"] == pytest.approx(2.5, abs=1e-6)
    assert [row["everyone_lift"], row["everyone_low"]] == [
        row["adjusted_lift"],
        row["adjusted_low"],
    ]
    tolerant = adjusted_of(
        SENT + overlapping + REACHABLE, replace(PARAMETERS, max_overlapping_share=0.6)
    )
    assert (tolerant["is_contaminated"], tolerant["matched_recipients"]) == (False, 120)


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (alike("recipient", 29) + REACHABLE, "too_few_events"),
        (changed(SENT[:-14], post_count=0) + SENT[-14:] + REACHABLE, "too_few_events"),
        # enough were sent a push, but most of them a second one
        (
            alike("recipient", 24) + alike("overlapping", 20) + REACHABLE,
            "too_few_events",
        ),
        (changed(SENT, post_count=3, baseline_rate=45) + REACHABLE, "degenerate"),
        # all do the same, if each may count once at most
        (changed(SENT + REACHABLE, post_count=1), "degenerate"),
        ([], "degenerate"),
    ],
)
def test_no_verdict_without_enough_data(people: list[Person], status: str) -> None:
    row = adjusted_of(people, replace(PARAMETERS, max_smd=3))
    assert row["verdict"] == status
    tests = [
        "adjusted_p",
        "adjusted_q",
        "adjusted_low",
        "adjusted_high",
        "adjusted_percent_low",
        "everyone_low",
        "everyone_high",
    ]
    assert {row[name] for name in tests} == {None}


def test_an_open_window_has_no_verdict() -> None:
    for people in (SENT + REACHABLE, SENT, alike("recipient", 9), []):
        row = adjusted_of(people, is_open=True)
        assert row["verdict"] == "incomplete"
        assert {
            row[name]
            for name in ("adjusted_p", "adjusted_q", "adjusted_low", "everyone_low")
        } == {None}


def test_nothing_clear() -> None:
    """Whether that means anything depends on what could have been seen."""
    wild = [
        replace(person, post_count=6 * (i // 12 % 2))
        for arm in ("recipient", "reachable")
        for i, person in enumerate(alike(arm, 72))
    ]
    row = adjusted_of(wild)
    assert row["adjusted_lift"] == pytest.approx(0)
    assert row["verdict"] == "underpowered"
    assert row["adjusted_detectable_percent"] > 20
    row = adjusted_of(alike("recipient", 240) + alike("reachable", 240))
    assert row["adjusted_lift"] == pytest.approx(0)
    assert row["verdict"] == "inconclusive"
    assert row["adjusted_detectable_percent"] < 20


def test_no_variance_is_no_evidence() -> None:
    """Everybody does the same after the push, and everybody without it the same."""
    people = changed(SENT, post_count=6) + changed(REACHABLE, post_count=2)
    row = adjusted_of(people)
    assert (row["design_tier"], row["adjusted_lift"], row["adjusted_se"]) == (
        "T2a",
        2,
        0,
    )
    undefined = [
        "adjusted_p",
        "adjusted_q",
        "adjusted_low",
        "adjusted_high",
        "adjusted_percent_low",
        "adjusted_detectable_percent",
    ]
    assert {row[name] for name in undefined} == {None}
    assert row["verdict"] == "underpowered"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_tiny_samples_give_no_number_that_is_none(number: int) -> None:
    tiny = replace(
        PARAMETERS,
        min_recipients=1,
        min_post_active=0,
        min_ess_share=0.0,
        min_controls_ess=0,
    )
    for controls in (REACHABLE, UNREACHABLE + placebo_people(2, WEEKS)):
        for others in (0, 1, number):
            people = SENT[:number] + alike("overlapping", others) + controls
            row = adjusted_of(people, replace(tiny, max_smd=9))
            floats = [value for value in row.values() if isinstance(value, float)]
            assert all(abs(value) < 1e300 for value in floats)
            if (row["matched_recipients"] or 0) < 2:
                assert (row["adjusted_p"], row["adjusted_low"]) == (None, None)
