"""Series of sends: their average by hand, who counts, and what is not said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from steps.lift.pooled.series_lift import series_lift
from steps.parameters import PushParameters
from tests.steps.lift.counts import PARAMETERS

FIRST = datetime(2026, 9, 1, 9, tzinfo=UTC)
SEND = {
    "title": "Finish your trade",
    "layer_id": 3,
    "metric": "sessions",
    "observed_status": "ok",
    "design_tier": "T2a",
    "matched_recipients": 100,
    "matched_active": 20,
    "lift": 0.5,
    "variance": 0.04,
    "df": 150.0,
    "post_mean": 2.5,
    "post_variance": 0.02,
    "covariance": 0.015,
}
CAMPAIGN = ["campaign_key", "title", "layer_id", "sent_at", "last_sent_at"]
Send = dict[str, Any]


def series_of(
    *sends: Send, days_apart: float = 7, parameters: PushParameters = PARAMETERS
) -> list[Send]:
    """Return the rows of lift.series_lift for sends so many days apart."""
    rows = []
    for i, send in enumerate(sends):
        sent_at = FIRST + i * timedelta(days=days_apart)
        known = {"campaign_key": f"{i}", "sent_at": sent_at, "last_sent_at": sent_at}
        rows.append(SEND | known | send)
    sent = pa.Table.from_pylist(rows)
    return series_lift(
        sent.select(["campaign_key", "metric", "observed_status"]),
        {(row["campaign_key"], row["metric"]): row for row in rows},
        sent.select(CAMPAIGN),
        parameters,
    ).to_pylist()


def test_two_sends_by_hand() -> None:
    """Recipients 100 and 300, lifts .5 and .1: each send counts by its recipients."""
    (row,) = series_of(
        {}, {"matched_recipients": 300, "lift": 0.1, "variance": 0.01, "df": 400.0}
    )
    names = ("push_title", "layer_id", "metric")
    assert [row[name] for name in names] == ["Finish your trade", 3, "sessions"]
    assert (row["sends"], row["compared_sends"]) == (2, 2)
    assert (row["recipients"], row["active_recipients"]) == (400, 40)
    lift, error = 0.2, np.sqrt((100 * 0.2) ** 2 + (300 * 0.1) ** 2) / 400
    assert row["series_lift"] == pytest.approx(lift)
    assert row["series_se"] == pytest.approx(error)
    assert row["series_df"] == 550
    interval = stats.t.interval(0.95, 550, lift, error)
    assert (row["series_low"], row["series_high"]) == pytest.approx(interval)
    p = 2 * stats.t.sf(lift / error, 550)
    assert (row["series_p"], row["series_q"]) == pytest.approx((p, p))
    # without the push: 2 and 2.4
    percent = row["series_percent"]
    assert percent == pytest.approx(100 * 0.2 / 2.3)
    assert row["series_percent_low"] < percent < row["series_percent_high"]
    assert row["verdict"] == "significant_up"
    assert (row["next_low"], row["next_high"]) == (None, None)


def test_overlapping_sends_are_one_sample() -> None:
    """Their errors add up whole, as if the same people had been asked twice."""
    (apart,) = series_of({}, {}, days_apart=2)
    (overlapping,) = series_of({}, {}, days_apart=1.9)
    assert apart["series_se"] == pytest.approx(0.2 / np.sqrt(2))
    assert overlapping["series_se"] == pytest.approx(0.2)
    assert overlapping["series_percent_low"] < apart["series_percent_low"]


def test_percent_and_test_never_disagree() -> None:
    for lift in np.linspace(-0.5, 0.8, 27):
        (row,) = series_of({"lift": lift}, {"lift": lift}, days_apart=1)
        excludes = row["series_percent_low"] > 0 or row["series_percent_high"] < 0
        assert excludes == (row["series_p"] < 0.05)


def test_from_five_sends_on_the_next_one_is_foretold() -> None:
    sends = [{"lift": lift} for lift in (0.1, 0.9, 0.4, -0.2, 0.8)]
    (row,) = series_of(*sends)
    assert row["between_sd"] > 0
    assert 0 < row["i_squared"] < 1
    spread = np.sqrt(row["between_sd"] ** 2 + row["series_se"] ** 2)
    interval = stats.t.interval(0.95, 3, row["series_lift"], spread)
    assert (row["next_low"], row["next_high"]) == pytest.approx(interval)
    (row,) = series_of(*sends[:4])
    assert (row["next_low"], row["next_high"]) == (None, None)


@pytest.mark.parametrize(
    "send",
    [
        {"design_tier": "T3"},
        {"observed_status": "incomplete"},
        {"observed_status": "degenerate"},
        {"matched_recipients": 29},
    ],
)
def test_sends_without_a_comparison_are_not_averaged(send: Send) -> None:
    (row,) = series_of({}, send | {"lift": 99.0}, {})
    assert (row["sends"], row["compared_sends"]) == (3, 2)
    assert row["series_lift"] == pytest.approx(0.5)
    (row,) = series_of({}, send)
    assert row["verdict"] == "too_few_sends"
    assert {row[name] for name in ("series_lift", "series_p", "series_q")} == {None}


def test_few_events_in_each_send_are_enough_together() -> None:
    few = {"observed_status": "too_few_events", "matched_active": 5}
    (row,) = series_of(few, few, few)
    assert (row["active_recipients"], row["verdict"]) == (15, "significant_up")
    (row,) = series_of(few, few)
    assert (row["verdict"], row["series_lift"]) == ("too_few_events", None)


def test_each_title_layer_and_metric_is_a_series() -> None:
    rows = series_of(
        {"title": "B"}, {"title": "A", "layer_id": None}, {"title": "A"}, {"title": "B"}
    )
    keys = [(row["push_title"], row["layer_id"], row["sends"]) for row in rows]
    assert keys == [("A", None, 1), ("A", 3, 1), ("B", 3, 2)]
    assert series_of({"title": None}) == []


def test_q_values_are_those_of_the_series_alone() -> None:
    titles, lifts = ["A", "A", "B", "B", "C"], [0.5, 0.5, 0.1, 0.1, 9.0]
    rows = series_of(
        *({"title": t, "lift": x} for t, x in zip(titles, lifts, strict=True))
    )
    expected = stats.false_discovery_control([row["series_p"] for row in rows[:2]])
    assert [row["series_q"] for row in rows[:2]] == pytest.approx(expected)
    assert rows[2]["series_q"] is None


def test_what_a_series_could_have_shown_decides_about_silence() -> None:
    """It could have shown 2.8 standard errors of 0.14, 16 % of what they do anyway."""
    (row,) = series_of({"lift": 0.01}, {"lift": 0.01})
    assert row["verdict"] == "inconclusive"
    assert row["series_detectable_percent"] == pytest.approx(15.9, abs=0.1)
    strict = replace(PARAMETERS, target_lift=0.05)
    (row,) = series_of({"lift": 0.01}, {"lift": 0.01}, parameters=strict)
    assert row["verdict"] == "underpowered"
