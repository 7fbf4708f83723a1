"""Positions in charts, against values worked out by hand."""

import pytest

from steps.report.charts import Axis, IntervalPlot, Line, response_curve


def test_an_axis_shows_zero_and_every_value_with_a_margin() -> None:
    axis = Axis.around([2.0, None, 10.0])
    assert (axis.low, axis.high) == pytest.approx((-0.4, 10.4))
    assert [axis.at(value) for value in (axis.low, 5.0, axis.high)] == [
        "0.0%",
        "50.0%",
        "100.0%",
    ]


def test_an_axis_without_values_shows_zero_in_the_middle() -> None:
    assert Axis.around([None]).at(0) == "50.0%"


def test_an_axis_labels_no_end_beside_zero() -> None:
    assert Axis.around([2.0, 10.0]).labels == [
        ("0", "3.7%", "middle"),
        ("+10", "100%", "end"),
    ]
    assert [text for text, _, _ in Axis(-1.0, 1.0).labels] == ["0", "-1", "+1"]


def test_a_plot_names_each_source_once_with_all_its_columns() -> None:
    plot = IntervalPlot(
        [
            Line("a", "observed", "lift", ("mean", "low"), 1.0),
            Line("b", "placebo", "placebo", ("lift",), dots=(-3.0, 5.0)),
            Line("c", "observed", "lift", ("low", "high"), 2.0),
        ]
    )
    assert plot.sources == [("lift", "mean, low, high"), ("placebo", "lift")]
    assert plot.axis == Axis.around([-3.0, 5.0])


def test_a_curve_is_flat_in_each_step_of_three_hours() -> None:
    hours = [
        {"hours_after": -3, "recipients": 10, "events": 5},
        {"hours_after": -2, "recipients": 0, "events": 0},
        {"hours_after": -1, "recipients": 10, "events": 5},
        {"hours_after": 0, "recipients": 5, "events": 10},
        {"hours_after": 1, "recipients": 5, "events": 10},
        {"hours_after": 2, "recipients": 0, "events": 0},
        {"hours_after": 3, "recipients": 0, "events": 0},
    ]
    curve = response_curve(hours, [-30.0, 1.5])
    assert (curve.first, curve.hours, curve.highest) == (-3, 7, 2.0)
    # rates 0.5 and 2 of at most 2, in a box 50 high with zero below; then nobody
    assert curve.path == "M0 38V38h3V0h3"
    assert curve.others == [1.5]
    assert curve.across(0) == "42.9%"


def test_a_curve_of_nothing_is_none() -> None:
    assert response_curve([], []) is None
    hour = {"hours_after": 0, "recipients": 10, "events": 0}
    assert response_curve([hour], []) is None
