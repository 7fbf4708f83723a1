"""Correlation of two series, with its interval and test."""

import numpy as np
from scipy import special

from lift_statistics.t_test import p_values

# of fewer pairs, Fisher's z has no standard error
LEAST_PAIRS = 4


def correlation_test(
    first: np.ndarray, second: np.ndarray, alpha: float
) -> dict[str, float]:
    """Return Pearson's correlation, its interval and the p-value of no correlation.

    The interval is that of Fisher's z (1921), the p-value that of the t test.

    Args:
        first: One value per pair.
        second: The other value of each pair.
        alpha: One minus the confidence level.

    Returns:
        `correlation`, `low`, `high` and `p`; NaN of fewer than four pairs, or if one of
        the values is always the same.

    >>> first = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> result = correlation_test(first, np.array([1.0, 3.0, 2.0, 5.0, 4.0]), 0.05)
    >>> {name: round(float(value), 4) for name, value in result.items()}
    {'correlation': 0.8, 'low': -0.2796, 'high': 0.9862, 'p': 0.1041}
    """
    number = len(first)
    if number < LEAST_PAIRS or np.ptp(first) == 0 or np.ptp(second) == 0:
        return dict.fromkeys(("correlation", "low", "high", "p"), np.nan)
    correlation = np.clip(np.corrcoef(first, second)[0, 1], -1, 1)
    margin = special.ndtri(1 - alpha / 2) / np.sqrt(number - 3)
    # a perfect correlation is an infinite z and t, with limits of 1 and a p of 0
    with np.errstate(divide="ignore"):
        z = np.arctanh(correlation)
        t = correlation * np.sqrt((number - 2) / (1 - correlation**2))
    return {
        "correlation": correlation,
        "low": np.tanh(z - margin),
        "high": np.tanh(z + margin),
        "p": p_values(t, np.array(number - 2.0)),
    }
