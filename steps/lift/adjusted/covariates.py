"""What is known of users before a push, and what is counted after it."""

from dataclasses import dataclass

import numpy as np

from lift_statistics import HOURS_PER_DAY, cap_level
from steps.lift.adjusted.cells import Cells
from steps.lift.robustness.daily_rates import DAYS_PER_WEEK
from steps.parameters import PushParameters

# logarithms are stored as whole thousandths
LOGARITHM = 1000
# what recipients and controls are made alike in; the first two as logarithms
COVARIATES = (
    "hours_since_active",
    "activity_last_week",
    "baseline_rate",
    "root_baseline_rate",
    "week_rate",
    "day_count",
    "is_newer_than_14_days",
    "is_newer_than_30_days",
)
LOGARITHMIC = 2
PERCENT = 100
OUTCOMES = ("", "full_", "first_day_", "active_")


@dataclass(frozen=True)
class Caps:
    """The counts above which nobody is counted.

    Attributes:
        post: Of the whole time after the push.
        first_day: Of the first 24 hours of it.
    """

    post: int
    first_day: int


def covariates(cells: Cells, parameters: PushParameters) -> np.ndarray:
    """Return what is known of each cell's users before the push.

    Returns:
        One row per name in COVARIATES, one column per cell; rates per 24 hours.
    """
    baseline = HOURS_PER_DAY * cells.baseline_rate / parameters.baseline_hours
    return np.array(
        [
            cells.recency_sum / cells.user_count / LOGARITHM,
            cells.activity_week_sum / cells.user_count / LOGARITHM,
            baseline,
            np.sqrt(baseline),
            cells.week_count / DAYS_PER_WEEK,
            cells.day_count,
            cells.tenure_class < 1,
            cells.tenure_class < 2,
        ]
    )


def covariate_squares(cells: Cells, known: np.ndarray) -> np.ndarray:
    """Return the mean squares of the same values over each cell's users.

    Only the silence differs within a cell by more than rounding can hide.
    """
    squares = known**2
    squares[0] = cells.recency_squares / cells.user_count / LOGARITHM**2
    return squares


def with_history(
    known: np.ndarray, cells: Cells, parameters: PushParameters
) -> np.ndarray:
    """Add the rate long before the push, and its root, to the covariates."""
    baseline = known[COVARIATES.index("baseline_rate")]
    history = long_rate(cells, parameters)
    # the best guess for the few users who are too new to have one
    history = np.where(np.isnan(history), baseline, history)
    return np.vstack([known, history, np.sqrt(history)])


def long_rate(cells: Cells, parameters: PushParameters) -> np.ndarray:
    """Return the events per 24 hours before the baseline; NaN if not known."""
    hours = parameters.long_hours - parameters.baseline_hours
    return HOURS_PER_DAY * cells.long_rate / hours


def caps(recipients: Cells, controls: Cells, parameters: PushParameters) -> Caps:
    """Return the caps, the same for both arms."""
    users = np.concatenate([recipients.user_count, controls.user_count])

    def level(name: str) -> int:
        counts = [getattr(cells, name) for cells in (recipients, controls)]
        return cap_level(np.concatenate(counts), users, parameters.cap_active_share)

    return Caps(level("post_count"), level("first_day_count"))


def outcomes(
    cells: Cells, limits: Caps, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Return what each cell's users did after the push, per name in OUTCOMES.

    The headline, which has no prefix, and the first day are capped; all are events per
    user and 24 hours, but `active_` is 100 for users with any event and 0 for others.
    """
    per_day = HOURS_PER_DAY / parameters.post_hours
    values = (
        per_day * np.minimum(cells.post_count, limits.post),
        per_day * cells.post_count,
        np.minimum(cells.first_day_count, limits.first_day).astype(float),
        PERCENT * (cells.post_count > 0.0),
    )
    return dict(zip(OUTCOMES, values, strict=True))
