"""Many tests at once."""

import numpy as np
from scipy import stats


def q_values(p: np.ndarray) -> np.ndarray:
    """Return the adjusted p-values of one family of tests (Benjamini & Hochberg 1995).

    Args:
        p: The p-values; NaN is no test and does not count as one of the family.

    >>> q_values(np.array([0.01, 0.04, 0.03, np.nan])).round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    is_test = ~np.isnan(p)
    result = np.full_like(p, np.nan)
    if is_test.any():
        result[is_test] = stats.false_discovery_control(p[is_test])
    return result
