"""The users of one campaign and metric, as arrays of cells.

A cell of `int_push_matched_cells` stands for the users of one arm, date and support
cell whose counts are equal, so the arrays give every sum over users.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from steps.lift.observed.moments import check_counts
from warehouse.errors import UserError

MODEL = "int_push_matched_cells"
ARMS = ("recipient", "overlapping", "reachable", "unreachable", "held_out")
COUNTS = ["post_count", "first_day_count", "baseline_rate", "week_count", "day_count"]
SUMS = [
    "user_count",
    "recency_sum",
    "recency_squares",
    "activity_week_sum",
    "later_push_count",
    "diluted_seconds",
]
NO_BASELINE, NO_RATE = -1, -1
SILENCE_CLASSES, TENURE_CLASSES, RATE_CLASSES = 5, 3, 3
LARGEST_SUPPORT_CELL = SILENCE_CLASSES * TENURE_CLASSES * RATE_CLASSES - 1
LARGEST_WORD = 2**62


@dataclass(frozen=True)
class Cells:
    """Arrays with one element per cell, in an order that only their content decides.

    Attributes:
        arm: Position of the arm in ARMS.
        weeks_before: 0 at the push, k at the placebo date k weeks before.
        support_cell: Class of silence, tenure and rate; -1 if not enough of the
            baseline was free of other pushes.
        user_count: How many users the cell stands for.
        post_count: Events after the push.
        first_day_count: Events in the first 24 hours after it.
        baseline_rate: Events in the unexposed hours before it, per full baseline.
        week_count: Events in the week before.
        day_count: Events in the day before.
        long_rate: Events in the time before the baseline, per full time; NaN if too
            little of it was observed.
        recency_sum: Sum over the users of 1000 ln(1 + hours since the last activity).
        recency_squares: Sum of its squares.
        activity_week_sum: Sum over the users of 1000 ln(1 + activity in the week
            before).
        later_push_count: Users who got another campaign's push after this one.
        diluted_seconds: Sum over the users of the time after the push in which they
            had got this campaign too.
    """

    arm: np.ndarray
    weeks_before: np.ndarray
    support_cell: np.ndarray
    user_count: np.ndarray
    post_count: np.ndarray
    first_day_count: np.ndarray
    baseline_rate: np.ndarray
    week_count: np.ndarray
    day_count: np.ndarray
    long_rate: np.ndarray
    recency_sum: np.ndarray
    recency_squares: np.ndarray
    activity_week_sum: np.ndarray
    later_push_count: np.ndarray
    diluted_seconds: np.ndarray

    def where(self, mask: np.ndarray) -> "Cells":
        """Keep some of the cells."""
        kept = np.flatnonzero(mask)
        return Cells(
            **{field.name: getattr(self, field.name)[kept] for field in fields(self)}
        )

    def of(self, arms: Iterable[str]) -> "Cells":
        """Keep some of the arms."""
        return self.where(np.isin(self.arm, [ARMS.index(arm) for arm in arms]))

    def with_baseline(self) -> "Cells":
        """Keep the users whose time before the push is known."""
        return self.where(self.support_cell != NO_BASELINE)

    @cached_property
    def n(self) -> int:
        """How many users there are."""
        return int(self.user_count.sum())

    @property
    def tenure_class(self) -> np.ndarray:
        """The class of the time since users were first seen, 0 for the newest."""
        return self.support_cell // SILENCE_CLASSES % TENURE_CLASSES


def ratio(numerator: float, denominator: float) -> float:
    """Divide; NaN, which becomes null, where there is nothing to divide by."""
    return numerator / denominator if denominator > 0 else np.nan


def cells_of(table: pa.Table) -> Cells:
    """Turn the rows of one campaign and metric into arrays.

    Args:
        table: Rows of `int_push_matched_cells`, in any order.

    Raises:
        UserError: a count is missing or negative, a cell stands for nobody, or its
            arm or class is none.
    """
    names = ["weeks_before", *COUNTS, *SUMS]
    check_counts(table.select(names), MODEL)
    _check_classes(table)
    columns = {name: table[name].to_numpy() for name in names}
    columns["arm"] = pc.index_in(table["arm"], value_set=pa.array(ARMS)).to_numpy()
    columns["support_cell"] = table["support_cell"].to_numpy()
    long_rate = pc.fill_null(table["long_rate"], NO_RATE).to_numpy()
    # sums of fractions depend on the order of their terms
    keys = [columns[name] for name in ("arm", "weeks_before", "support_cell", *COUNTS)]
    order = np.lexsort(_packed([*keys, long_rate])[::-1])
    columns = {name: values[order] for name, values in columns.items()}
    long_rate = long_rate[order]
    return Cells(**columns, long_rate=np.where(long_rate == NO_RATE, np.nan, long_rate))


def _check_classes(table: pa.Table) -> None:
    long_rate = pc.fill_null(table["long_rate"], 0)
    classes = table["support_cell"]
    is_right = {
        "arm": pc.is_in(table["arm"], value_set=pa.array(ARMS)),
        "support_cell": pc.and_(
            pc.greater_equal(classes, NO_BASELINE),
            pc.less_equal(classes, LARGEST_SUPPORT_CELL),
        ),
        "long_rate": pc.greater_equal(long_rate, 0),
        "user_count": pc.greater(table["user_count"], 0),
    }
    for column, rows in is_right.items():
        if not pc.all(pc.fill_null(rows, False)).as_py():
            raise UserError(
                f"intermediate.{MODEL} has an empty or impossible value in {column}: "
                "run `dbt build` and mend what it reports"
            )


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
