"""The daily lift of every recipient, from a histogram of counts.

Recipients of one campaign and metric with the same counts have the same lift: they
share one cell, so millions of them fit into a few thousand numbers without rounding.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lift_statistics import HOURS_PER_DAY
from steps.lift.observed.moments import KEYS, check_counts
from warehouse.errors import UserError

COUNTS = ["baseline_hours", "baseline_count", "post_count"]


@dataclass(frozen=True)
class LiftCells:
    """The cells, in the order of their keys and counts.

    Attributes:
        group: Position of the cell's campaign and metric among all of them.
        n: Recipients per campaign and metric.
        recipients: Recipients per cell.
        baseline_rate: Events per 24 hours before the push.
        post_rate: Events per 24 hours after it.
        lift: The difference of the rates, rounded once, so that ties stay ties.
    """

    group: np.ndarray
    n: np.ndarray
    recipients: np.ndarray
    baseline_rate: np.ndarray
    post_rate: np.ndarray
    lift: np.ndarray


def lift_cells(
    histogram: pa.Table, keys: pa.Table, n: np.ndarray, post_hours: int
) -> LiftCells:
    """Compute the lift of every cell.

    Args:
        histogram: `int_push_window_histogram`, in any order of its rows.
        keys: The campaigns and metrics that results are for, each of them once.
        n: Recipients of each of these.
        post_hours: Length of the window after the push.

    Raises:
        UserError: the histogram counts other recipients than `n` says.
    """
    check_counts(histogram, "int_push_window_histogram")
    numbered = keys.append_column("group", pa.array(np.arange(len(n))))
    counts = histogram.join(numbered, KEYS, join_type="left outer").sort_by(
        [(name, "ascending") for name in ("group", *COUNTS)]
    )
    group = counts["group"].to_numpy()
    recipients = counts["recipients"].to_numpy()
    if counts["group"].null_count > 0 or not np.array_equal(
        np.bincount(group, recipients, minlength=len(n)), n
    ):
        raise UserError(
            "intermediate.int_push_window_histogram and int_push_window_sums count "
            "different recipients: run `dbt build` to make both anew"
        )
    hours, baseline, post = (counts[name].to_numpy() for name in COUNTS)
    difference = post * hours - baseline * post_hours
    return LiftCells(
        group=group,
        n=n,
        recipients=recipients,
        baseline_rate=HOURS_PER_DAY * baseline / hours,
        post_rate=HOURS_PER_DAY * post / post_hours,
        lift=HOURS_PER_DAY * difference / (post_hours * hours),
    )
