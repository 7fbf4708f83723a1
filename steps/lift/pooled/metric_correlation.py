"""Whether campaigns that lift one metric also lift another."""

from itertools import combinations

import numpy as np
import pyarrow as pa

from lift_statistics import correlation_test
from steps.lift.pooled.estimates import adjusted_estimates, observed_estimates
from steps.parameters import PushParameters


def metric_correlation(
    lift: pa.Table, adjusted: pa.Table, parameters: PushParameters
) -> pa.Table:
    """Correlate the lifts of each two metrics over campaigns (Pearson).

    Both lifts of a campaign come from the same users, so chance alone correlates them
    to some degree.

    Args:
        lift: `lift.campaign_lift`.
        adjusted: `lift.adjusted_lift`.
        parameters: The settings of the method.

    Returns:
        The rows of `lift.metric_correlation`: one per pair of metrics, in alphabetical
        order, and estimate, with the interval of Fisher's z (1921) and the p-value of
        the t test; null of less than four campaigns that have both lifts, or if one
        of the lifts is always the same.
    """
    tables = {
        "adjusted": adjusted_estimates(adjusted),
        "observed": observed_estimates(lift),
    }
    rows = [
        {"metric": metric, "other_metric": other, "estimate": estimate}
        | _correlation(first, second, parameters.alpha)
        for estimate, table in tables.items()
        for (metric, first), (other, second) in combinations(_lifts(table).items(), 2)
    ]
    return pa.Table.from_pylist(rows)


def _lifts(estimates: pa.Table) -> dict[str, np.ndarray]:
    """Return lifts by metric, in one order of the campaigns; NaN where one has none."""
    campaigns, column = np.unique(
        estimates["campaign_key"].to_numpy(), return_inverse=True
    )
    metrics, row = np.unique(estimates["metric"].to_numpy(), return_inverse=True)
    lifts = np.full((len(metrics), len(campaigns)), np.nan)
    lifts[row, column] = estimates["lift"].to_numpy()
    return dict(zip(metrics, lifts, strict=True))


def _correlation(
    first: np.ndarray, second: np.ndarray, alpha: float
) -> dict[str, float | None]:
    has_both = np.isfinite(first) & np.isfinite(second)
    result = correlation_test(first[has_both], second[has_both], alpha)
    defined = {name: value for name, value in result.items() if np.isfinite(value)}
    return {
        "campaigns": int(has_both.sum()),
        "correlation": defined.get("correlation"),
        "correlation_low": defined.get("low"),
        "correlation_high": defined.get("high"),
        "correlation_p": defined.get("p"),
    }
