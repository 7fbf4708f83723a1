"""The moments of each campaign and metric, from the sums of `int_push_window_sums`."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lift_statistics import PairedMoments, paired_moments
from warehouse.errors import UserError

KEYS = ["campaign_key", "metric"]


@dataclass(frozen=True)
class Moments(PairedMoments):
    """Moments of the recipients, sorted by `keys`.

    Attributes:
        keys: The campaign and metric of each element.
        post_active: Recipients with an event after the push.
    """

    keys: pa.Table
    post_active: np.ndarray


def exact_moments(sums: pa.Table, post_hours: int) -> Moments:
    """Combine the strata of `int_push_window_sums` without rounding.

    Args:
        sums: One row per campaign, metric and baseline length, in any order.
        post_hours: Length of the window after the push.

    Raises:
        UserError: a count is missing or negative.
    """
    check_counts(sums, "int_push_window_sums")
    sums = sums.sort_by([(key, "ascending") for key in KEYS])
    starts = group_starts(sums, KEYS)
    column = {name: sums[name].to_numpy() for name in sums.column_names}
    moments = paired_moments(
        users=column["recipients"],
        baseline_hours=column["baseline_hours"],
        sum_post=column["sum_post"],
        sum_baseline=column["sum_baseline"],
        sum_post_squared=column["sum_post_squared"],
        sum_baseline_squared=column["sum_baseline_squared"],
        sum_post_baseline=column["sum_post_baseline"],
        starts=starts,
        post_hours=post_hours,
    )
    return Moments(
        **vars(moments),
        keys=sums.select(KEYS).take(starts),
        post_active=np.add.reduceat(column["post_active"], starts),
    )


def check_counts(table: pa.Table, name: str) -> None:
    """Refuse a table of counts that holds what a count cannot be.

    Raises:
        UserError: a key or count is missing, a count is negative, or a baseline
            has no length.
    """
    for column in table.column_names:
        smallest = 1 if column == "baseline_hours" else 0
        values = table[column]
        is_wrong = values.null_count > 0
        if column not in KEYS and len(values) > 0 and not is_wrong:
            is_wrong = pc.min(values).as_py() < smallest
        if is_wrong:
            raise UserError(
                f"intermediate.{name} has an empty or impossible value in {column}: "
                "counts start at 0; run `dbt build` and mend what it reports"
            )


def group_starts(table: pa.Table, keys: list[str]) -> np.ndarray:
    """Return where each group begins in a table that is sorted by its keys."""
    changes = np.zeros(table.num_rows, dtype=bool)
    changes[:1] = True
    for key in keys:
        values = table[key].to_numpy()
        changes[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(changes)
