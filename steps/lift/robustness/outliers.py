"""Outlying recipients by three rules: always a sensitivity check, never a headline.

Leaving users out changes what is estimated: fences around the many who did little
take away the few whom the push moved.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lift_statistics import weighted_quantiles
from steps.lift.observed.lift_cells import LiftCells, lift_cells
from steps.lift.observed.moments import KEYS
from steps.parameters import PushParameters

# by which the median absolute deviation of a normal sample estimates its deviation
NORMAL_MAD = 0.6745
# daily rates are thousandths apart: who is on a fence but for rounding is inside
ROUNDING = 1e-9


@dataclass(frozen=True)
class Rule:
    """A rule applied: its status per campaign and metric, and the cells it flags."""

    status: np.ndarray
    is_outlier: np.ndarray


@dataclass(frozen=True)
class Outliers:
    """All recipients in cells, and the rules by name."""

    cells: LiftCells
    rules: dict[str, Rule]


def find_outliers(
    lift: pa.Table, histogram: pa.Table, parameters: PushParameters
) -> Outliers:
    """Find the recipients whose lift lies outside the limits of each rule.

    Rules: fences around the quartiles (Tukey 1977), z scores, and z scores of median
    and median absolute deviation (Iglewicz & Hoaglin 1993). None of them is defined
    without spread; a z score cannot reach its limit in a small sample (Shiffler
    1988).

    Args:
        lift: `lift.campaign_lift`, one row per campaign and metric.
        histogram: `int_push_window_histogram`, in any order of its rows.
        parameters: The settings of the method.

    Raises:
        UserError: the histogram counts other recipients than the lift does.
    """
    cells = lift_cells(
        histogram,
        lift.select(KEYS),
        lift["recipients"].to_numpy(),
        parameters.post_hours,
    )
    mean, sd = lift["observed_lift"].to_numpy(), lift["observed_sd"].to_numpy()
    return Outliers(
        cells,
        {
            "iqr": _iqr_rule(cells, parameters.iqr_factor),
            "z": _z_rule(cells, mean, sd, parameters.max_z),
            "modified_z": _modified_z_rule(cells, parameters.max_modified_z),
        },
    )


def _iqr_rule(cells: LiftCells, factor: float) -> Rule:
    first, third = weighted_quantiles(
        cells.lift, cells.recipients, cells.group, len(cells.n), [0.25, 0.75]
    )
    spread = third - first
    status = _status({"degenerate": cells.n == 0, "zero_iqr": spread == 0})
    return _rule(cells, status, first - factor * spread, third + factor * spread)


def _z_rule(cells: LiftCells, mean: np.ndarray, sd: np.ndarray, limit: float) -> Rule:
    with np.errstate(divide="ignore", invalid="ignore"):
        largest_possible = (cells.n - 1) / np.sqrt(cells.n)
    status = _status(
        {
            "degenerate": (cells.n == 0) | (sd == 0),
            "n_too_small": largest_possible <= limit,
        }
    )
    return _rule(cells, status, mean - limit * sd, mean + limit * sd)


def _modified_z_rule(cells: LiftCells, limit: float) -> Rule:
    grouping = cells.recipients, cells.group, len(cells.n)
    median = weighted_quantiles(cells.lift, *grouping, [0.5])[0]
    distance = np.abs(cells.lift - median[cells.group])
    deviation = weighted_quantiles(distance, *grouping, [0.5])[0]
    status = _status({"degenerate": cells.n == 0, "zero_mad": deviation == 0})
    margin = limit * deviation / NORMAL_MAD
    return _rule(cells, status, median - margin, median + margin)


def _status(conditions: dict[str, np.ndarray]) -> np.ndarray:
    return np.select(list(conditions.values()), list(conditions), "ok")


def _rule(
    cells: LiftCells, status: np.ndarray, low: np.ndarray, high: np.ndarray
) -> Rule:
    is_outside = (cells.lift < low[cells.group] - ROUNDING) | (
        cells.lift > high[cells.group] + ROUNDING
    )
    return Rule(status, is_outside & (status[cells.group] == "ok"))
