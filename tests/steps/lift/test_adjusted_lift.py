"""The table of adjusted lift: percent, families of tests, order and missing cells."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from steps.lift.adjusted.adjusted_lift import (
    Designs,
    adjusted_lift,
    choose_designs,
)
from steps.lift.observed.campaign_lift import campaign_lift
from tests.steps.lift.counts import PARAMETERS, count_tables
from tests.steps.lift.people import (
    Person,
    adjusted_of,
    alike,
    cells,
    placebo_people,
    random_people,
    sent_to,
)
from warehouse.errors import UserError

ANY_DESIGN = replace(
    PARAMETERS,
    min_matched_share=0.1,
    min_ess_share=0.01,
    min_controls_ess=2,
    max_smd=9,
    max_held_back_share=9,
    min_recipients=2,
    min_post_active=1,
)
ARMS = {"recipient": 60, "overlapping": 10, "reachable": 500, "unreachable": 500}
Worlds = dict[tuple[str, str], list[Person]]


def tables_of(worlds: Worlds) -> tuple[pa.Table, pa.Table, list[pa.Table]]:
    """Return observed lifts, campaigns, and the cells of each world."""
    sums, histogram, campaigns = count_tables(
        {key: sent_to(people) for key, people in worlds.items()}
    )
    observed = campaign_lift(sums, histogram, campaigns, PARAMETERS)
    return observed, campaigns, [cells(people, *key) for key, people in worlds.items()]


def results_of(worlds: Worlds) -> tuple[pa.Table, Designs]:
    observed, campaigns, tables = tables_of(worlds)
    designs = choose_designs(tables, campaigns, ANY_DESIGN)
    return adjusted_lift(observed, designs, campaigns, ANY_DESIGN), designs


@given(seed=st.integers(0, 10_000), arm=st.sampled_from(["reachable", "unreachable"]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_percent_and_test_never_disagree(seed: int, arm: str) -> None:
    arms = {"recipient": 60, "reachable": 500, arm: 500}
    row = adjusted_of(random_people(np.random.default_rng(seed), arms), ANY_DESIGN)
    t = row["adjusted_lift"] / row["adjusted_se"]
    assert row["adjusted_p"] == pytest.approx(
        2 * stats.t.sf(abs(t), row["adjusted_df"])
    )
    interval = stats.t.interval(
        0.95, row["adjusted_df"], row["adjusted_lift"], row["adjusted_se"]
    )
    assert (row["adjusted_low"], row["adjusted_high"]) == pytest.approx(interval)
    detectable = (
        stats.t.ppf([0.975, 0.8], row["adjusted_df"]).sum() * row["adjusted_se"]
    )
    assert row["adjusted_detectable_lift"] == pytest.approx(detectable)
    if row["adjusted_percent_low"] is not None:
        excludes_zero = (
            row["adjusted_percent_low"] > 0 or row["adjusted_percent_high"] < 0
        )
        assert excludes_zero == (row["adjusted_p"] < 0.05)
        assert (
            row["adjusted_percent_low"]
            <= row["adjusted_percent"]
            <= row["adjusted_percent_high"]
        )


def test_percent_limits_are_the_lifts_that_a_test_just_rejects() -> None:
    """Fieller: at a limit r, the lift less r times the rest is just significant."""
    random = np.random.default_rng(8)
    sent, held = random.poisson(6, 400), random.poisson(4, 700)
    people = [Person("recipient", int(count)) for count in sent]
    people += [Person("held_out", int(count)) for count in held]
    row = adjusted_of(people, planned_share=7 / 11)
    assert row["design_tier"] == "T1"
    # HC3 without covariates: the controls' variance over n - 1
    own, others = sent.var(ddof=1) / 4 / 400, held.var(ddof=1) / 4 / 699
    df = (own + others) ** 2 / (own**2 / 399 + others**2 / 699)
    for limit in (row["full_percent_low"], row["full_percent_high"]):
        ratio = limit / 100
        difference = sent.mean() / 2 - (1 + ratio) * held.mean() / 2
        variance = own + (1 + ratio) ** 2 * others
        p = 2 * stats.t.sf(abs(difference) / np.sqrt(variance), df)
        assert p == pytest.approx(0.05, abs=1e-9)


def test_no_percent_if_they_would_have_done_nothing() -> None:
    people = alike("recipient", 120) + [
        replace(person, post_count=0) for person in alike("reachable", 240)
    ]
    row = adjusted_of(people)
    assert row["adjusted_lift"] == pytest.approx(1.5)
    percents = [
        "adjusted_percent",
        "adjusted_percent_low",
        "adjusted_percent_high",
        "adjusted_detectable_percent",
    ]
    assert {row[name] for name in percents} == {None}
    assert row["verdict"] == "significant_up"


def test_q_values_are_those_of_the_rows_that_have_a_test() -> None:
    random = np.random.default_rng(3)
    worlds = {
        (campaign, metric): random_people(random, ARMS)
        for campaign in "abc"
        for metric in ("closet_adds", "sessions")
    }
    worlds["d", "sessions"] = random_people(random, {"recipient": 60})
    worlds["e", "sessions"] = random_people(random, {"recipient": 1, "reachable": 9})
    adjusted, _ = results_of(worlds)
    *tested, alone, tiny = adjusted.to_pylist()
    p = [row["adjusted_p"] for row in tested]
    expected = stats.false_discovery_control(p)
    assert [row["adjusted_q"] for row in tested] == pytest.approx(expected)
    assert (alone["adjusted_q"], tiny["adjusted_q"]) == (None, None)


def test_the_order_of_rows_does_not_matter() -> None:
    random = np.random.default_rng(6)
    worlds = {
        ("a", "sessions"): random_people(random, ARMS),
        ("a", "trades"): random_people(
            random, {"recipient": 60, "reachable": 500, "unreachable": 500}
        ),
        ("b", "sessions"): random_people(random, ARMS | {"held_out": 600}),
        ("c", "sessions"): random_people(random, {"recipient": 60, "unreachable": 900}),
    }
    observed, campaigns, tables = tables_of(worlds)
    expected, designs = results_of(worlds)
    assert set(expected["design_tier"].to_pylist()) == {"T1", "T2a", "T3"}
    shuffled = choose_designs(
        [table.take(random.permutation(table.num_rows)) for table in tables[::-1]],
        campaigns.take(random.permutation(campaigns.num_rows)),
        ANY_DESIGN,
    )
    assert adjusted_lift(observed, shuffled, campaigns, ANY_DESIGN).equals(expected)
    assert designs.rows.keys() == worlds.keys()


def test_placebo_dates_are_told_one_by_one() -> None:
    random = np.random.default_rng(6)
    arms = {"recipient": 60, "reachable": 500, "unreachable": 900}
    people = [
        person
        for person in random_people(random, arms)
        if person.arm != "reachable" or person.weeks_before > 0
    ]
    adjusted, designs = results_of({("a", "sessions"): people})
    row = adjusted.to_pylist()[0]
    rows = designs.placebo_lift.to_pylist()
    assert row["design_tier"] == "T2b"
    assert [placebo["weeks_before"] for placebo in rows] == list(range(1, 9))
    assert {placebo["kind"] for placebo in rows} == {"reselected"}
    assert row["placebo_dates"] == 8
    lifts = [placebo["lift"] for placebo in rows]
    assert row["placebo_mean"] == pytest.approx(np.mean(lifts))
    assert row["placebo_sd"] == pytest.approx(np.std(lifts, ddof=1))
    chance = np.mean([placebo["se"] ** 2 for placebo in rows])
    excess = max(0, np.var(lifts, ddof=1) - chance)
    assert row["placebo_tau"] == pytest.approx(np.sqrt(excess))


def test_a_refused_comparison_leaves_no_placebo_dates() -> None:
    """Beside no adjusted lift they would be taken for dates of the observed one."""
    people = alike("recipient", 48) + alike("unreachable", 240)
    people += placebo_people(48, range(1, 4))
    adjusted, designs = results_of({("a", "sessions"): people})
    row = adjusted.to_pylist()[0]
    assert (row["design_reason"], row["placebo_dates"]) == ("placebo_short", 3)
    assert designs.placebo_lift.num_rows == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("week_count", None),
        ("user_count", 0),
        ("arm", None),
        ("arm", "friend"),
        ("support_cell", None),
        ("support_cell", -2),
        ("support_cell", 45),
        ("long_rate", -2),
    ],
)
def test_an_impossible_cell_stops_the_run(column: str, value: object) -> None:
    table = cells([Person("recipient", 1)])
    _, campaigns, _ = tables_of({("campaign", "sessions"): []})
    rows = [table.to_pylist()[0] | {column: value}]
    with pytest.raises(UserError, match=f"empty or impossible value in {column}"):
        choose_designs(
            [pa.Table.from_pylist(rows, table.schema)], campaigns, PARAMETERS
        )
