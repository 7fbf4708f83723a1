"""Observed lift as a whole: published data, scipy, and every edge case."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from steps.lift.observed.campaign_lift import campaign_lift
from tests.steps.lift.counts import (
    PARAMETERS,
    Recipient,
    count_tables,
    lift_of,
    recipients,
)

SMALL_SAMPLES = replace(PARAMETERS, min_recipients=2, min_post_active=1)


def test_students_sleep_data() -> None:
    """Student 1908: hours of sleep gained by ten patients with two drugs.

    In tenths of an hour, counted in windows of ten days, so that a count is again an
    hour a day; and all two hours longer, so that no count is negative.
    """
    first = np.array([7, -16, -2, -12, -1, 34, 37, 8, 0, 20]) + 20
    second = np.array([19, 8, 11, 1, -1, 44, 55, 16, 46, 34]) + 20
    row = lift_of(
        recipients(second, first, hours=240), replace(SMALL_SAMPLES, post_hours=240)
    )
    assert row["observed_lift"] == -1.58
    assert row["observed_t"] == pytest.approx(-4.0621, abs=5e-5)
    assert row["observed_df"] == 9
    assert row["observed_p"] == pytest.approx(0.002833, abs=5e-7)
    assert row["observed_low"] == pytest.approx(-2.4598858, abs=5e-8)
    assert row["observed_high"] == pytest.approx(-0.7001142, abs=5e-8)
    assert row["effect_size"] == pytest.approx(-1.284558, abs=5e-7)
    assert row["observed_median"] == -1.3
    assert row["observed_status"] == "ok"


def test_darwins_maize() -> None:
    """Fisher 1935: heights of cross- and self-fertilised pairs, in eighths of an inch.

    Counted in windows of 24 hours, so that a count is a daily rate.
    """
    crossed = [188, 96, 168, 176, 153, 172, 177, 163, 146, 173, 186, 168, 177, 184, 96]
    selfed = [139, 163, 160, 160, 147, 149, 149, 122, 132, 144, 130, 144, 102, 124, 144]
    row = lift_of(
        recipients(selfed, crossed, hours=24), replace(SMALL_SAMPLES, post_hours=24)
    )
    assert row["observed_lift"] == pytest.approx(20.933333, abs=5e-7)
    assert row["observed_t"] == pytest.approx(2.148, abs=5e-4)
    assert row["observed_df"] == 14
    assert row["observed_p"] == pytest.approx(0.0497, abs=5e-5)


def test_lakens_film_ratings() -> None:
    """Lakens 2013, table 1: two films rated by the same ten people."""
    first = [9, 7, 8, 9, 8, 9, 9, 10, 9, 9]
    second = [9, 6, 7, 8, 7, 9, 8, 8, 8, 7]
    row = lift_of(
        recipients(second, first, hours=24), replace(SMALL_SAMPLES, post_hours=24)
    )
    assert row["observed_t"] == pytest.approx(4.74, abs=5e-3)
    assert row["effect_size"] == pytest.approx(1.50, abs=5e-3)
    assert row["effect_size_average_sd"] == pytest.approx(1.13, abs=5e-3)


people_of_any_kind = st.lists(
    st.tuples(st.integers(168, 720), st.integers(0, 200), st.integers(0, 60)),
    min_size=3,
    max_size=60,
)


@given(people=people_of_any_kind)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_agrees_with_scipy(people: list[Recipient]) -> None:
    hours, before, after = np.array(people, dtype=float).T
    baseline, post = 24 * before / hours, after / 2
    row = lift_of(people, SMALL_SAMPLES)
    if row["observed_status"] != "ok":
        return
    expected = stats.ttest_rel(post, baseline)
    interval = expected.confidence_interval()
    assert row["observed_t"] == pytest.approx(expected.statistic, rel=1e-10, abs=1e-10)
    assert row["observed_p"] == pytest.approx(expected.pvalue, rel=1e-10)
    assert row["observed_low"] == pytest.approx(interval.low, rel=1e-9, abs=1e-9)
    assert row["observed_high"] == pytest.approx(interval.high, rel=1e-9, abs=1e-9)
    assert row["observed_median"] == pytest.approx(
        np.median(post - baseline), abs=1e-12
    )
    assert row["observed_sd"] == pytest.approx(
        np.std(post - baseline, ddof=1), rel=1e-9
    )


@given(people=people_of_any_kind)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_percent_and_test_never_disagree(people: list[Recipient]) -> None:
    row = lift_of(people, SMALL_SAMPLES)
    if row["observed_percent_status"] == "ok":
        excludes_zero = (
            row["observed_percent_low"] > 0 or row["observed_percent_high"] < 0
        )
        assert excludes_zero == (row["observed_p"] < SMALL_SAMPLES.alpha)
        assert (
            row["observed_percent_low"]
            <= row["observed_percent"]
            <= row["observed_percent_high"]
        )


def test_the_order_of_rows_does_not_matter() -> None:
    random = np.random.default_rng(7)
    campaigns = {
        (f"campaign {number % 5}", f"metric {number % 3}"): [
            (int(h), int(x), int(y))
            for h, x, y in zip(
                random.choice([168, 500, 720], 80),
                random.poisson(5, 80),
                random.poisson(1, 80),
                strict=True,
            )
        ]
        for number in range(15)
    }
    tables = count_tables(campaigns)
    expected = campaign_lift(*tables, PARAMETERS)
    shuffled = campaign_lift(
        *(table.take(random.permutation(table.num_rows)) for table in tables),
        PARAMETERS,
    )
    assert shuffled.equals(expected)
    assert len(set(expected["run_id"].to_pylist())) == 1


def test_another_input_is_another_run() -> None:
    people = recipients([1] * 40, [0, 1] * 20)
    assert lift_of(people)["run_id"] == lift_of(people[::-1])["run_id"]
    assert lift_of(people)["run_id"] != lift_of(people[1:])["run_id"]
    stricter = replace(PARAMETERS, alpha=0.01)
    assert lift_of(people)["run_id"] != lift_of(people, stricter)["run_id"]
