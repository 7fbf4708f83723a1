"""The users of one campaign and metric, as arrays of cells.

A cell of `int_push_matched_cells` stands for the users of one arm, date and stratum
whose counts are equal, so nothing is lost: the arrays give every sum over users.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lift_statistics import WeightedMoments, weighted_moments
from steps.lift.observed.moments import check_counts

MODEL = "int_push_matched_cells"
ARMS = ("recipient", "overlapping", "reachable", "unreachable", "held_out")
COUNTS = ["post_count", "baseline_rate", "matched_rate", "week_count", "day_count"]
SUMS = ["user_count", "recency_sum", "recency_squares"]
NO_BASELINE, NO_RATE = -1, -1
LARGEST_WORD = 2**62


@dataclass(frozen=True)
class Cells:
    """Arrays with one element per cell, in an order that only their content decides.

    Attributes:
        arm: Position of the arm in ARMS.
        weeks_before: 0 at the push, k at the placebo date k weeks before.
        stratum: Number of the send hour and stratum: users are matched within it.
        stratum_count: How many there are.
        has_baseline: Whether enough of the baseline was free of other pushes.
        user_count: How many users the cell stands for.
        post_count: Events after the push.
        baseline_rate: Events in the unexposed hours before it, per full baseline.
        matched_rate: Events in the matched windows, per twelve windows.
        week_count: Events in the week before.
        day_count: Events in the day before.
        long_rate: Events in the time before the baseline, per full time; NaN if too
            little of it was observed.
        recency_sum: Sum over the users of 1000 ln(1 + hours since the last activity).
        recency_squares: Sum of its squares.
    """

    arm: np.ndarray
    weeks_before: np.ndarray
    stratum: np.ndarray
    stratum_count: int
    has_baseline: np.ndarray
    user_count: np.ndarray
    post_count: np.ndarray
    baseline_rate: np.ndarray
    matched_rate: np.ndarray
    week_count: np.ndarray
    day_count: np.ndarray
    long_rate: np.ndarray
    recency_sum: np.ndarray
    recency_squares: np.ndarray

    def where(self, mask: np.ndarray) -> "Cells":
        """Keep some of the cells, with the numbers of their strata."""
        kept = np.flatnonzero(mask)
        arrays = {
            field.name: getattr(self, field.name)[kept]
            for field in fields(self)
            if field.name != "stratum_count"
        }
        return replace(self, **arrays)

    def of(self, arms: Iterable[str]) -> "Cells":
        """Keep some of the arms."""
        return self.where(np.isin(self.arm, [ARMS.index(arm) for arm in arms]))

    def with_baseline(self) -> "Cells":
        """Keep the users whose time before the push is known."""
        return self.where(self.has_baseline)

    def in_one_stratum(self) -> "Cells":
        """Forget the strata."""
        return replace(self, stratum=np.zeros_like(self.stratum), stratum_count=1)

    @cached_property
    def n(self) -> int:
        """How many users there are."""
        return int(self.user_count.sum())

    def mean(self, values: np.ndarray) -> float:
        """Average a value of each cell's users; NaN without users."""
        # no BLAS: its threads add up in an order of their own
        return ratio(np.sum(self.user_count * values), self.n)

    @cached_property
    def stratum_users(self) -> np.ndarray:
        """How many users there are in each stratum."""
        return np.bincount(self.stratum, self.user_count, self.stratum_count)

    def stratum_moments(self, values: np.ndarray) -> WeightedMoments:
        """Return mean and deviation of a value of each cell's users, per stratum."""
        return weighted_moments(
            values, self.user_count, self.stratum, self.stratum_count
        )


def ratio(numerator: float, denominator: float) -> float:
    """Divide; NaN, which becomes null, where there is nothing to divide by."""
    return numerator / denominator if denominator > 0 else np.nan


def cells_of(table: pa.Table) -> Cells:
    """Turn the rows of one campaign and metric into arrays.

    Args:
        table: Rows of `int_push_matched_cells`, in any order.

    Raises:
        UserError: a count is missing or negative.
    """
    names = ["weeks_before", *COUNTS, *SUMS]
    check_counts(table.select(names), MODEL)
    columns = {name: table[name].to_numpy() for name in names}
    columns["arm"] = pc.index_in(table["arm"], value_set=pa.array(ARMS)).to_numpy()
    stratum = table["stratum"].to_numpy()
    columns["has_baseline"] = stratum != NO_BASELINE
    send_hour = table["send_hour_at"].cast(pa.int64()).to_numpy()
    place = send_hour, stratum
    long_rate = pc.fill_null(table["long_rate"], NO_RATE).to_numpy()
    # sums of fractions depend on the order of their terms
    keys = [columns[name] for name in ("arm", "weeks_before", *COUNTS)]
    order = np.lexsort(_packed([*place, *keys, long_rate])[::-1])
    columns = {name: values[order] for name, values in columns.items()}
    columns["stratum"] = _numbers([values[order] for values in place])
    long_rate = long_rate[order]
    return Cells(
        **columns,
        stratum_count=int(columns["stratum"].max()) + 1,
        long_rate=np.where(long_rate == NO_RATE, np.nan, long_rate),
    )


def _numbers(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Number the different rows of sorted columns from 0."""
    is_new = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        is_new[1:] |= column[1:] != column[:-1]
    return np.cumsum(is_new)


def _packed(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Write columns as few columns of the same order, which sort much faster."""
    words, capacity = [np.zeros(len(columns[0]), np.int64)], 1
    for column in columns:
        low = int(column.min())
        values = int(column.max()) - low + 1
        if capacity * values > LARGEST_WORD:
            words.append(np.zeros_like(words[0]))
            capacity = 1
        words[-1] = words[-1] * values + (column - low)
        capacity *= values
    return words
