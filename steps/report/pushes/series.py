"""A series: one push over all the times it was sent, and how a report words it."""

from dataclasses import dataclass
from functools import cached_property

from steps.report.formats import NOTHING, Row, change, figure, readable_title
from steps.report.pushes import wording


@dataclass(frozen=True)
class Series:
    """One push over all the times it was sent.

    Attributes:
        results: Its rows of agg_push_series_lift, one per metric, at least one.
    """

    results: list[Row]

    @property
    def name(self) -> str:
        """Its title and layer."""
        return name(self.results[0])

    @property
    def kind(self) -> tuple[str, int | None]:
        """What its sends share: title and layer."""
        return self.results[0]["push_title"], self.results[0]["layer_id"]

    @property
    def sends(self) -> int:
        """How often it was sent."""
        return self.results[0]["sends"]

    @cached_property
    def changed(self) -> list[Row]:
        """The results that show a change by the push, on average over its sends."""
        return [row for row in self.results if row["verdict"] in wording.CHANGED]


def name(row: Row) -> str:
    """Name a push by its title, in one line, and its layer."""
    layer = "no layer" if row["layer_id"] is None else f"layer {row['layer_id']}"
    return f"{readable_title(row['push_title'])} ({layer})"


def has_lift(row: Row) -> bool:
    """Tell whether its verdict rests on a lift, which may be told."""
    return row["verdict"] in (*wording.CHANGED, *wording.UNDECIDED)


def verdict(row: Row) -> str:
    """Say in words what a series shows, and never more than its verdict column."""
    text = wording.VERDICTS[row["verdict"]]
    if row["verdict"] in wording.CHANGED:
        others = wording.together(row)
        bound = ", lower bound" if wording.is_diluted(row) else ""
        return f"{others}{text} on average{bound}: {wording.size(row, 'series')}"
    if row["verdict"] in wording.UNDECIDED:
        return text + wording.detectable(row["series_detectable_percent"])
    return text


def lift(row: Row) -> str:
    """Write the average effect of its sends with the interval, if it may be told."""
    if not has_lift(row):
        return NOTHING
    return wording.interval(row, "series_lift", "series_low", "series_high")


def compared(row: Row) -> str:
    """Say how many of its sends are compared."""
    return f"{figure(row['compared_sends'])} of {figure(row['sends'])}"


def next_send(row: Row) -> str:
    """Write the range in which the lift of its next send is to be expected."""
    if not has_lift(row) or row["next_low"] is None:
        return NOTHING
    return f"{change(row['next_low'])} to {change(row['next_high'])}"
