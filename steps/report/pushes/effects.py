"""What a push changed, in numbers people can picture: per 100 people, and in all."""

from dataclasses import dataclass

from steps.parameters import PushParameters
from steps.report.formats import NOTHING, Row, figure
from steps.report.pushes.wording import CHANGED, UNDECIDED

PEOPLE = 100
HOURS_OF_A_DAY = 24
# a tenth is told of what is small, whole events of what is not
WHOLE = 10
TENTHS = 1


@dataclass(frozen=True)
class Effect:
    """A lift as events per 100 people in the hours after the push.

    Attributes:
        change: How many more there were than without the push.
        low: Lower end of its interval.
        high: Upper end.
        without: How many there would have been without the push; None if unknown.
        shrunken: The effect drawn towards the average of all pushes, if it alone is
            too small to tell.
    """

    change: float
    low: float
    high: float
    without: float | None = None
    shrunken: "Effect | None" = None

    @property
    def with_push(self) -> float | None:
        """How many there were with it."""
        return None if self.without is None else self.without + self.change


def effect(
    row: Row, parameters: PushParameters, lift: str = "adjusted"
) -> Effect | None:
    """Return the effect that the verdict of a row is about; None if it tells none.

    Args:
        row: A row of agg_push_campaign_lift, or of agg_push_series_lift.
        parameters: The settings of the method.
        lift: What the names of the columns of the lift begin with.
    """
    if row["verdict"] not in (*CHANGED, *UNDECIDED):
        return None
    scale = PEOPLE * parameters.post_hours / HOURS_OF_A_DAY

    def scaled(name: str) -> list[float]:
        return [scale * row[f"{name}_{end}"] for end in ("lift", "low", "high")]

    without = shrunken = None
    if row[f"{lift}_percent"]:
        without = PEOPLE * scale * row[f"{lift}_lift"] / row[f"{lift}_percent"]
    if row["verdict"] == "underpowered" and row.get("shrunken_low") is not None:
        shrunken = Effect(*scaled("shrunken"))
    return Effect(*scaled(lift), without, shrunken)


def extra_events(row: Row, parameters: PushParameters) -> tuple[float, float, float]:
    """Return how many events more all recipients have had, with the interval.

    Every event counts: a capped count adds up to no total.

    Args:
        row: A row of agg_push_campaign_lift and of agg_push_lift_diagnostics.
        parameters: The settings of the method.
    """
    days = parameters.post_hours / HOURS_OF_A_DAY
    value, low, high = (
        days * row["recipients"] * row[f"full_{end}"] for end in ("lift", "low", "high")
    )
    return value, low, high


def changed_little(row: Row, parameters: PushParameters) -> bool:
    """Tell whether a row excludes any change that would have been worth knowing.

    That is one of more than twice the lift looked for, up or down: what is called too
    small to tell could not show less.

    Args:
        row: A row of agg_push_campaign_lift.
        parameters: The settings of the method.
    """
    low, high = row["adjusted_percent_low"], row["adjusted_percent_high"]
    if row["verdict"] != "inconclusive" or low is None or high is None:
        return False
    most = worth_knowing(parameters)
    return -most < low and high < most


def worth_knowing(parameters: PushParameters) -> float:
    """Return the change in percent that a push has to be large enough to show."""
    return 200 * parameters.target_lift


def people_needed(row: Row, parameters: PushParameters) -> int | None:
    """Return how many recipients it takes to see a change that is worth knowing.

    The smallest change that shows falls with the root of the number of people.

    Args:
        row: A row of agg_push_campaign_lift.
        parameters: The settings of the method.
    """
    detectable = row["adjusted_detectable_percent"]
    if row["verdict"] not in UNDECIDED or detectable is None:
        return None
    return round(row["recipients"] * (detectable / worth_knowing(parameters)) ** 2)


def per_hundred(value: float | None) -> str:
    """Write a number of events per 100 people."""
    if value is None:
        return NOTHING
    if abs(value) >= WHOLE:
        return figure(round(value))
    return f"{value:.1f}" if abs(value) >= TENTHS else f"{value:.2f}"


def change_per_hundred(value: float) -> str:
    """Write a difference of such numbers, with its sign."""
    return f"+{per_hundred(value)}" if value > 0 else per_hundred(value)
