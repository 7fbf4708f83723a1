"""Charts as positions in percent, which a template turns into SVG.

A page holds about a thousand small charts. A chart library takes some 40 ms for each of
them; positions take none, and they stretch with the screen they are read on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from steps.report.formats import Row

MARGIN = 0.04
ROOM_FOR_LABEL = 0.15
CURVE_HEIGHT = 50
HOURS_PER_STEP = 3


@dataclass(frozen=True)
class Axis:
    """A horizontal axis, in the unit of its values.

    Attributes:
        low: Left end, at most zero.
        high: Right end, at least zero.
    """

    low: float
    high: float

    @classmethod
    def around(cls, values: Iterable[float | None]) -> "Axis":
        """Fit an axis to zero and all values, with a margin at both ends."""
        known = [0.0, *(value for value in values if value is not None)]
        margin = MARGIN * (max(known) - min(known)) or 1.0
        return cls(min(known) - margin, max(known) + margin)

    def at(self, value: float) -> str:
        """Return where a value lies, from 0 % at the left to 100 %."""
        return f"{100 * (value - self.low) / (self.high - self.low):.1f}%"

    @property
    def labels(self) -> list[tuple[str, str, str]]:
        """Text, position and anchor for zero, and for each end that is not near."""
        room = ROOM_FOR_LABEL * (self.high - self.low)
        labels = [("0", self.at(0), "middle")]
        if -self.low > room:
            labels.append((f"{self.low:+.2g}", "0%", "start"))
        if self.high > room:
            labels.append((f"{self.high:+.2g}", "100%", "end"))
        return labels


@dataclass(frozen=True)
class Line:
    """One line of an interval plot.

    Attributes:
        label: What it shows.
        kind: Its look: observed, adjusted, sensitivity, placebo or pooled.
        mart: The table it comes from.
        columns: The columns of value, low and high there, or that of the dots.
        dots: Single values without an interval.
        key: The campaign, where a plot shows several.
        note: What else to say of it.
    """

    label: str
    kind: str
    mart: str
    columns: tuple[str, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    dots: tuple[float, ...] = ()
    key: str = ""
    note: str = ""


@dataclass(frozen=True)
class IntervalPlot:
    """Values with their intervals, one below the other, on one axis.

    Attributes:
        lines: From top to bottom.
    """

    lines: list[Line]

    @cached_property
    def axis(self) -> Axis:
        """The axis that all lines share."""
        return Axis.around(
            value
            for line in self.lines
            for value in (line.value, line.low, line.high, *line.dots)
        )

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The marts that are shown, each with its columns."""
        columns: dict[str, dict[str, None]] = {}
        for line in self.lines:
            columns.setdefault(line.mart, {}).update(dict.fromkeys(line.columns))
        return [(mart, ", ".join(names)) for mart, names in columns.items()]


@dataclass(frozen=True)
class ResponseCurve:
    """Events per recipient and hour around a push.

    Attributes:
        path: The curve in a box with a width of one per hour.
        first: Hours after the push at the left edge.
        hours: Width of the box.
        highest: The rate at the upper edge; zero is at the lower one.
        others: Hours after the push at which other pushes were sent.
        height: Height of the box.
    """

    path: str
    first: int
    hours: int
    highest: float
    others: list[float]
    height: int = CURVE_HEIGHT

    def across(self, hour: float) -> str:
        """Return where an hour after the push lies, from 0 % at the left."""
        return f"{100 * (hour - self.first) / self.hours:.1f}%"


def response_curve(hourly: list[Row], others: list[float]) -> ResponseCurve | None:
    """Draw the response around one push, in steps of hours; None if nothing happened.

    Args:
        hourly: Rows of agg_push_hourly_response of one campaign and metric, by hour.
        others: Hours after the push at which other pushes were sent.
    """
    rates = [
        _rate(hourly[start : start + HOURS_PER_STEP])
        for start in range(0, len(hourly), HOURS_PER_STEP)
    ]
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    if not highest:
        return None
    first = hourly[0]["hours_after"]
    heights = [
        None if rate is None else round(CURVE_HEIGHT * (1 - rate / highest))
        for rate in rates
    ]
    return ResponseCurve(
        _steps(heights),
        first,
        len(hourly),
        highest,
        [hour for hour in others if first <= hour < first + len(hourly)],
    )


def _rate(hours: list[Row]) -> float | None:
    """Return the events per recipient and hour; None if nobody is left."""
    people = sum(row["recipients"] for row in hours)
    return sum(row["events"] for row in hours) / people if people else None


def _steps(heights: list[int | None]) -> str:
    """Draw a line at each height, as wide as a step, which leaves out what is None."""
    known = [number for number, height in enumerate(heights) if height is not None]
    path = f"M{HOURS_PER_STEP * known[0]} {heights[known[0]]}"
    for number in known:
        path += f"V{heights[number]}h{HOURS_PER_STEP}"
    return path
