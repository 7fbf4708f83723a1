"""Positions in graphs, against values worked out by hand."""

import pytest

from steps.report.graphs import Graph, Series


def graph(*series: Series, **how: bool) -> Graph:
    columns = [f"week {number}" for number in range(len(series[0].values))]
    return Graph("Sales", "people", "week", columns, [*series], **how)


def test_lines_are_placed_on_a_round_axis_and_broken_where_nothing_is_known() -> None:
    line = Series("all", "blue", [0, 150, None, 400], [False, True, True, True])
    drawn = graph(line)
    assert drawn.ticks == [0, 100, 200, 300, 400]
    assert [drawn.text(tick) for tick in drawn.ticks][-1] == "400"
    # the middles of four columns, and heights from the top
    assert drawn.lines(line) == [
        ("12.5,100.0", False),
        ("37.5,62.5", True),
        ("87.5,0.0", True),
    ]
    assert drawn.written(line, 0) == "0 (not all tracked)"
    assert drawn.written(line, 2) == "–"


def test_bars_are_stacked_up_from_zero_and_down() -> None:
    kept, new, lost = (
        Series("kept", "blue", [30, None]),
        Series("new", "green", [10, 5]),
        Series("lost", "red", [-20, -15]),
    )
    drawn = graph(kept, new, lost, is_stacked=True)
    assert drawn.bars == [
        [(kept, 0, 30), (new, 30, 40), (lost, 0, -20)],
        [(new, 0, 5), (lost, 0, -15)],
    ]
    assert drawn.ticks == [-20, 0, 20, 40]
    assert drawn.height(0) == pytest.approx(66.67)


@pytest.mark.parametrize(
    ("values", "is_share", "texts"),
    [
        ([0, 0], False, ["0", "1"]),
        ([1, 3], False, ["0", "1", "2", "3"]),
        ([1_250, 900], False, ["0", "500", "1,000", "1,500"]),
        ([0.07, 0.13], True, ["0%", "5%", "10%", "15%"]),
        ([None, None], True, ["0%", "0.1%"]),
    ],
)
def test_an_axis_has_few_round_numbers(
    values: list[float | None], is_share: bool, texts: list[str]
) -> None:
    drawn = graph(Series("all", "blue", values), is_share=is_share)
    assert [drawn.text(tick) for tick in drawn.ticks] == texts


def test_of_many_columns_a_few_are_named_the_last_one_among_them() -> None:
    drawn = graph(Series("all", "blue", [1] * 53))
    names = [name for name, _, _ in drawn.labels]
    assert names == [f"week {number}" for number in (7, 16, 25, 34, 43, 52)]
    assert [is_wanted for _, _, is_wanted in drawn.labels] == [False, True] * 3
    assert drawn.labels[-1][1] == pytest.approx(99.06)
