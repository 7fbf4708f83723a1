"""Stability of the baseline and naive placebos, against plain loops over days."""

import numpy as np
import pytest

from steps.lift.robustness.daily_rates import observed_placebo_lift
from tests.lift_statistics.test_trend import sandwich
from tests.steps.lift.counts import PARAMETERS, recipients
from tests.steps.lift.sensitivity import Days, daily_table, robustness_of

COLUMNS = [
    "baseline_cv",
    "trend_percent_per_week",
    "trend_t",
    "ratio_last_week",
    "ratio_second_half",
    "autocorrelation",
    "weekly_amplitude",
    "observed_placebo_mean",
    "observed_placebo_sd",
]
PEOPLE = recipients([30] * 40, [1, 3] * 20)
AUDIENCE = 1_000
FIRST_DAY = -86


def days_with(rate: dict[int, float] | None = None, usual: int = 500) -> Days:
    """Events of each day for a thousand recipients."""
    events = {day: usual for day in range(FIRST_DAY, 3)} | (rate or {})
    return {day: (round(count), AUDIENCE) for day, count in events.items()}


def noisy_days(seed: int) -> Days:
    random = np.random.default_rng(seed)
    return {
        day: (int(random.poisson(500 + 60 * (day % 7 > 4) + day)), AUDIENCE)
        for day in range(FIRST_DAY, 3)
    }


def mean_rate(days: Days, first: int, last: int) -> float:
    rates = [days[day][0] / days[day][1] for day in range(first, last + 1)]
    return sum(rates) / len(rates)


def placebo_loop(days: Days) -> list[float]:
    return [
        mean_rate(days, -7 * week, -7 * week + 1)
        - mean_rate(days, -7 * week - 30, -7 * week - 1)
        for week in range(1, 9)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_equals_a_loop_over_the_days(seed: int) -> None:
    days = noisy_days(seed)
    row = robustness_of(PEOPLE, daily=days)
    rates = np.array([days[day][0] / AUDIENCE for day in range(-30, 0)])
    slope, error = sandwich(rates, 7)
    weekdays = [np.mean(rates[day::7]) for day in range(7)]
    expected = {
        "baseline_cv": np.std(rates, ddof=1) / np.mean(rates),
        "trend_percent_per_week": 700 * slope / np.mean(rates),
        "trend_t": slope / error,
        "ratio_last_week": mean_rate(days, -7, -1) / np.mean(rates),
        "ratio_second_half": mean_rate(days, -15, -1) / mean_rate(days, -30, -16),
        "autocorrelation": sum((rates[1:] - rates.mean()) * (rates[:-1] - rates.mean()))
        / sum((rates - rates.mean()) ** 2),
        "weekly_amplitude": max(weekdays) / min(weekdays),
        "observed_placebo_mean": np.mean(placebo_loop(days)),
        "observed_placebo_sd": np.std(placebo_loop(days), ddof=1),
    }
    assert {name: row[name] for name in COLUMNS} == pytest.approx(expected, rel=1e-9)


def test_a_month_like_any_other_is_stable() -> None:
    row = robustness_of(PEOPLE, daily=days_with())
    assert row["is_baseline_stable"] is True
    assert (row["baseline_cv"], row["ratio_last_week"], row["weekly_amplitude"]) == (
        pytest.approx((0, 1, 1))
    )


@pytest.mark.parametrize(
    "days",
    [
        # every second day nobody comes: spread
        days_with({day: 1_000 * (day % 2) for day in range(FIRST_DAY, 0)}),
        # growth of 10 events a day, 14 % a week
        days_with({day: 860 + 10 * day for day in range(FIRST_DAY, 0)}),
        # the last week is twice as busy, or half
        days_with({day: 800 for day in range(-7, 0)}),
        days_with({day: 300 for day in range(-7, 0)}),
        # every seventh day is busier: a push on that day seems to lift
        days_with({day: 590 for day in range(FIRST_DAY, 0) if day % 7 == 0}),
    ],
)
def test_what_makes_a_baseline_unstable(days: Days) -> None:
    assert robustness_of(PEOPLE, daily=days)["is_baseline_stable"] is False


def test_missing_history_is_not_known_and_a_broken_limit_is() -> None:
    """Thirty days tell the spread, but no placebo; four weeks more tell four."""
    month = {day: count for day, count in days_with().items() if day >= -30}
    row = robustness_of(PEOPLE, daily=month)
    assert row["baseline_cv"] == pytest.approx(0)
    assert (row["observed_placebo_mean"], row["observed_placebo_sd"]) == (None, None)
    assert row["is_baseline_stable"] is None

    spiky = month | {-20: (9_000, AUDIENCE)}
    assert robustness_of(PEOPLE, daily=spiky)["is_baseline_stable"] is False

    longer = {day: count for day, count in noisy_days(1).items() if day >= -58}
    row = robustness_of(PEOPLE, daily=longer)
    four = placebo_loop(noisy_days(1))[:4]
    assert row["observed_placebo_mean"] == pytest.approx(np.mean(four))
    assert row["observed_placebo_sd"] == pytest.approx(np.std(four, ddof=1))
    shorter = {day: count for day, count in longer.items() if day >= -57}
    assert robustness_of(PEOPLE, daily=shorter)["observed_placebo_mean"] is None


@pytest.mark.parametrize("seen", [0, 29])
def test_a_day_that_few_were_observed_on_has_no_mean(seen: int) -> None:
    days = noisy_days(4)
    row = robustness_of(PEOPLE, daily=days | {-30: (3, seen)})
    assert {row[name] for name in COLUMNS[:7]} == {None}
    # the windows of the first four weeks hold that day
    assert row["observed_placebo_mean"] == pytest.approx(
        np.mean(placebo_loop(days)[4:])
    )


@pytest.mark.parametrize("usual", [0, 500])
def test_a_constant_series_has_no_trend_and_no_ratio_to_zero(usual: int) -> None:
    row = robustness_of(PEOPLE, daily=days_with(usual=usual))
    assert (row["trend_t"], row["autocorrelation"]) == (None, None)
    assert row["baseline_cv"] == (None if usual == 0 else 0)
    assert row["is_baseline_stable"] is (None if usual == 0 else True)


def test_a_perfect_line_has_a_trend_and_no_error() -> None:
    days = days_with({day: 2_000 + 3 * day for day in range(FIRST_DAY, 0)})
    row = robustness_of(PEOPLE, daily=days)
    mean = 2_000 - 3 * 15.5
    assert row["trend_percent_per_week"] == pytest.approx(100 * 21 / mean)
    assert row["trend_t"] is None


def test_no_daily_counts_leave_everything_unknown() -> None:
    row = robustness_of(PEOPLE)
    assert {row[name] for name in [*COLUMNS, "is_baseline_stable"]} == {None}


def test_observed_placebo_rows() -> None:
    days = noisy_days(3)
    short = {day: count for day, count in days.items() if day >= -44}
    table = daily_table(
        {("b", "trades"): days, ("b", "sessions"): short, ("a", "sessions"): {}}
    )
    rows = observed_placebo_lift(table, PARAMETERS).to_pylist()
    assert [(row["metric"], row["weeks_before"]) for row in rows] == [
        ("sessions", 1),
        ("sessions", 2),
        *[("trades", week) for week in range(1, 9)],
    ]
    assert [row["lift"] for row in rows[2:]] == pytest.approx(placebo_loop(days))
    assert {(row["campaign_key"], row["kind"], row["se"]) for row in rows} == {
        ("b", "observed", None)
    }


def test_no_observed_placebos_of_nothing() -> None:
    assert observed_placebo_lift(daily_table({}), PARAMETERS).num_rows == 0
