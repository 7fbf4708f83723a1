"""What many results say together, where the truth is known."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """A tested lift, in counts per user and 24 hours, and what it should have been.

    Attributes:
        p: The p-value of no lift.
        lift: The estimated lift.
        low: The lower end of its interval.
        high: The upper end.
        true_level: What the recipients would have done without the push.
        true_lift: What the push added to that.
    """

    p: float
    lift: float
    low: float
    high: float
    true_level: float
    true_lift: float


@dataclass(frozen=True)
class Result:
    """What the method said of one metric in one world.

    Attributes:
        metric: The metric.
        is_effective: Whether the push did anything.
        is_refused: Whether nothing is claimed about the cause.
        capped: The headline; None if it is not tested.
        uncapped: The same of all counts as they are; None likewise.
        experiment: What a randomised experiment says of all counts as they are; None
            if there is none, or it is not tested.
    """

    metric: str
    is_effective: bool
    is_refused: bool
    capped: Estimate | None
    uncapped: Estimate | None
    experiment: Estimate | None


Pair = tuple[Estimate | None, Estimate | None]


@dataclass(frozen=True)
class Figure:
    """A mean of many worlds and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Tally:
    """What estimates say together; None where there is nothing to take a mean of.

    Attributes:
        significant: Share of tests with p <= alpha.
        coverage: Share of intervals that hold the true lift.
        bias: Mean of estimated less true lift, in percent of the true level.
    """

    significant: Figure | None
    coverage: Figure | None
    bias: Figure | None


def tally(estimates: Iterable[Estimate | None], alpha: float) -> Tally:
    """Compare estimates with the truth; what was not tested counts for nothing."""
    tested = [estimate for estimate in estimates if estimate is not None]
    return Tally(
        significant=share(estimate.p <= alpha for estimate in tested),
        coverage=share(
            estimate.low <= estimate.true_lift <= estimate.high for estimate in tested
        ),
        bias=mean(
            100 * (estimate.lift - estimate.true_lift) / estimate.true_level
            for estimate in tested
        ),
    )


def width_ratio(pairs: Iterable[Pair]) -> Figure | None:
    """Compare the width of the first interval with that of the second."""
    return mean(
        (first.high - first.low) / (second.high - second.low)
        for first, second in pairs
        if first is not None and second is not None
    )


def lift_difference(pairs: Iterable[Pair]) -> Figure | None:
    """Compare the first lift with the second, in percent of the true level."""
    return mean(
        100 * (first.lift - second.lift) / first.true_level
        for first, second in pairs
        if first is not None and second is not None
    )


def share(flags: Iterable[bool]) -> Figure | None:
    """Return the share of true ones; its error is not 0 when all are alike."""
    found = list(flags)
    if not found:
        return None
    # two more of each (Agresti & Coull 1998)
    middle = (sum(found) + 2) / (len(found) + 4)
    error = np.sqrt(middle * (1 - middle) / (len(found) + 4))
    return Figure(sum(found) / len(found), float(error))


def mean(values: Iterable[float]) -> Figure | None:
    """Return the mean; the error of a single value is not known."""
    found = list(values)
    if not found:
        return None
    error = np.std(found, ddof=1) / np.sqrt(len(found)) if len(found) > 1 else np.nan
    return Figure(float(np.mean(found)), float(error))
