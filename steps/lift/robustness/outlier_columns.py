"""The columns of outlier sensitivity: the lift without outliers and with capped rates.

One array per column, one element per campaign and metric; what is not defined is NaN.
"""

import numpy as np
import pyarrow as pa

from lift_statistics import (
    WeightedMoments,
    mean_test,
    weighted_moments,
    weighted_quantiles,
)
from steps.lift.observed.lift_cells import LiftCells
from steps.lift.robustness.outliers import Outliers, Rule
from steps.parameters import PushParameters

SEVERITY = ["stable", "significance_change", "sign_change"]


def outlier_columns(
    lift: pa.Table, outliers: Outliers, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Return the columns of every rule and of the capped lift, by name.

    Args:
        lift: `lift.campaign_lift`.
        outliers: The outliers of the same campaigns and metrics.
        parameters: The settings of the method.
    """
    has_test = lift["observed_p"].is_valid().to_numpy()
    columns = {}
    for name, rule in outliers.rules.items():
        columns |= _rule_columns(name, outliers.cells, rule, has_test, parameters.alpha)
    columns |= _cap_columns(lift, outliers.cells, has_test, parameters)
    sensitivity = _sensitivity(lift, columns, [*outliers.rules, "capped"], parameters)
    return columns | {"outlier_sensitivity": sensitivity}


def _rule_columns(
    name: str, cells: LiftCells, rule: Rule, has_test: np.ndarray, alpha: float
) -> dict[str, np.ndarray]:
    """Describe those whom the rule leaves; nobody where it is not defined."""
    group_count = len(cells.n)
    is_left = ~rule.is_outlier & (rule.status == "ok")[cells.group]
    left = weighted_moments(
        cells.lift[is_left],
        cells.recipients[is_left],
        cells.group[is_left],
        group_count,
    )
    removed = np.bincount(
        cells.group, cells.recipients * rule.is_outlier, minlength=group_count
    )
    with np.errstate(invalid="ignore"):
        share = removed / cells.n
    return {
        f"{name}_outliers": removed,
        f"{name}_outlier_share": share,
        **_left_columns(name, left, rule.status, has_test, alpha),
    }


def _cap_columns(
    lift: pa.Table, cells: LiftCells, has_test: np.ndarray, parameters: PushParameters
) -> dict[str, np.ndarray]:
    """Cap the rates of both periods at the same level; different ones would bias."""
    level = _cap_levels(lift["metric"], cells, parameters.cap_quantile)
    # where even that quantile is 0 a cap would leave nothing
    cap = np.where(level > 0, level, np.nan)[cells.group]
    is_cappable = np.isfinite(cap)
    capped = np.minimum(cells.post_rate, cap) - np.minimum(cells.baseline_rate, cap)
    left = weighted_moments(
        capped[is_cappable],
        cells.recipients[is_cappable],
        cells.group[is_cappable],
        len(cells.n),
    )
    is_changed = np.maximum(cells.post_rate, cells.baseline_rate) > cap
    conditions = {"degenerate": cells.n == 0, "zero_cap": level == 0}
    status = np.select(list(conditions.values()), list(conditions), "ok")
    return {
        "cap_level": level,
        "capped_outliers": np.bincount(
            cells.group, cells.recipients * is_changed, minlength=len(cells.n)
        ),
        **_left_columns("capped", left, status, has_test, parameters.alpha),
    }


def _cap_levels(
    metric: pa.ChunkedArray, cells: LiftCells, probability: float
) -> np.ndarray:
    """Return one level per metric: a quantile of all recipients' rates, pooled.

    Recipients of all campaigns with both of their periods; the histogram does not
    count controls.
    """
    names, position = np.unique(metric.to_numpy(), return_inverse=True)
    levels = weighted_quantiles(
        np.concatenate([cells.post_rate, cells.baseline_rate]),
        np.tile(cells.recipients, 2),
        np.tile(position[cells.group], 2),
        len(names),
        [probability],
    )
    return levels[0][position]


def _left_columns(
    name: str,
    left: WeightedMoments,
    status: np.ndarray,
    has_test: np.ndarray,
    alpha: float,
) -> dict[str, np.ndarray]:
    test = mean_test(left.mean, left.sd, left.n, has_test & (left.n > 1), alpha)
    has_no_spread = (status == "ok") & ~(left.sd > 0)
    return {
        f"{name}_lift": left.mean,
        f"{name}_sd": left.sd,
        **{f"{name}_{column}": values for column, values in test.items()},
        f"{name}_status": np.where(has_no_spread, "degenerate", status),
    }


def _sensitivity(
    lift: pa.Table,
    columns: dict[str, np.ndarray],
    rules: list[str],
    parameters: PushParameters,
) -> np.ndarray:
    """Return the gravest change that any rule makes; nothing without a test."""
    mean, p = lift["observed_lift"].to_numpy(), lift["observed_p"].to_numpy()
    severity = np.zeros(len(p), dtype=int)
    for name in rules:
        # who removes nobody changes nothing, whatever the rounding
        is_applied = (columns[f"{name}_status"] == "ok") & (
            columns[f"{name}_outliers"] > 0
        )
        is_significant = columns[f"{name}_p"] < parameters.alpha
        changes_significance = is_significant != (p < parameters.alpha)
        changes_sign = np.sign(columns[f"{name}_lift"]) == -np.sign(mean)
        change = np.select([changes_sign & (mean != 0), changes_significance], [2, 1])
        severity = np.maximum(severity, np.where(is_applied, change, 0))
    is_tested = lift["observed_status"].to_numpy() == "ok"
    return np.where(is_tested, np.array(SEVERITY)[severity], None)
