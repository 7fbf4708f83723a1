"""Graphs over time and matrices, as positions in percent that a template draws."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil, floor, log10

from steps.report import formats

MOST_TICKS = 4
MOST_LABELS = 6
SMALLEST_STEP = 0.001


@dataclass(frozen=True)
class Series:
    """One line of a graph, or one layer of its bars.

    Attributes:
        label: What it shows.
        colour: Of the style sheet.
        values: One per column; None where nothing is known.
        tracked: Per column, whether all that counts was tracked; None if all was.
    """

    label: str
    colour: str
    values: list[float | None]
    tracked: list[bool] | None = None

    def is_tracked(self, column: int) -> bool:
        """Whether a value is of all that it should count."""
        return self.tracked is None or self.tracked[column]


@dataclass(frozen=True)
class Graph:
    """Values over time, as lines or as stacked bars, placed in percent of the graph.

    Attributes:
        name: What it shows, for whoever does not see it.
        unit: What the vertical axis counts.
        heading: What the columns are.
        columns: Their names, in the order of time.
        series: The lines, or the layers of the bars from zero on.
        is_stacked: Whether it is of bars.
        is_share: Whether values are parts of one.
        mark: Where something begins, counted in columns, and what.
    """

    name: str
    unit: str
    heading: str
    columns: list[str]
    series: list[Series]
    is_stacked: bool = False
    is_share: bool = False
    mark: tuple[float, str] | None = None

    @cached_property
    def bars(self) -> list[list[tuple[Series, float, float]]]:
        """Per column the known values as bars: from where to where each goes."""
        columns = []
        for column in range(len(self.columns)):
            ends, bars = {True: 0.0, False: 0.0}, []
            for one in self.series:
                if (value := one.values[column]) is not None:
                    start = ends[value >= 0]
                    ends[value >= 0] = start + value
                    bars.append((one, start, start + value))
            columns.append(bars)
        return columns

    @cached_property
    def ticks(self) -> list[float]:
        """Round values of the vertical axis, the lowest first."""
        drawn = [end for bars in self.bars for _, _, end in bars]
        if not self.is_stacked:
            drawn = [value for one in self.series for value in one.values if value]
        low, high = min([0.0, *drawn]), max([0.0, *drawn])
        step = _round_step((high - low) / MOST_TICKS, 0.0 if self.is_share else 1.0)
        first, last = floor(low / step), max(1, ceil(high / step))
        return [step * number for number in range(first, last + 1)]

    @property
    def labels(self) -> list[tuple[str, float, bool]]:
        """Some columns, so few that their names do not touch, and where.

        Every second one is left out where there is little room.
        """
        every = ceil(len(self.columns) / MOST_LABELS)
        shown = range(len(self.columns) - 1, -1, -every)
        return [
            (self.columns[column], self.at(column), number % 2 == 0)
            for number, column in enumerate(shown)
        ][::-1]

    def at(self, column: float) -> float:
        """Return where the middle of a column is, from 0 at the left to 100."""
        return round(100 * (column + 0.5) / len(self.columns), 2)

    def height(self, value: float) -> float:
        """Return where a value is, from 0 at the top to 100."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(100 * (high - value) / (high - low), 2)

    def lines(self, one: Series) -> list[tuple[str, bool]]:
        """Return the points of each stretch of known values, and if it is tracked."""
        state = [
            None if value is None else one.is_tracked(column)
            for column, value in enumerate(one.values)
        ]
        stretches = groupby(range(len(state)), state.__getitem__)
        return [
            (
                " ".join(
                    f"{self.at(column)},{self.height(one.values[column])}"
                    for column in stretch
                ),
                is_tracked,
            )
            for is_tracked, stretch in stretches
            if is_tracked is not None
        ]

    def written(self, one: Series, column: int) -> str:
        """Write a value of the table, and whether it is too low."""
        text = self.text(one.values[column])
        return text if one.is_tracked(column) else f"{text} (not all tracked)"

    def text(self, value: float | None) -> str:
        """Write a value as the axis does."""
        return formats.share(value) if self.is_share else formats.count(value)


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix.

    Attributes:
        text: What it says.
        part: How dark it is, from 0 to 1; None if it says nothing.
        is_tracked: Whether what it says is of all that counts.
    """

    text: str
    part: float | None
    is_tracked: bool = True


def _round_step(least: float, whole: float) -> float:
    """Return a round number, at least as large as both."""
    least = max(least, whole, SMALLEST_STEP)
    magnitude = 10.0 ** floor(log10(least))
    return next(
        step
        for step in (magnitude, 2 * magnitude, 5 * magnitude, 10 * magnitude)
        if step >= least
    )
