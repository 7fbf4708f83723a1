"""Many tests at once."""

import numpy as np
from scipy import stats


def q_values(p: np.ndarray) -> np.ndarray:
    """Return the Benjamini-Hochberg adjusted p-values of one family of tests.

    Args:
        p: The p-values; NaN is no test and does not count as one of the family.
    """
    is_test = ~np.isnan(p)
    result = np.full_like(p, np.nan)
    if is_test.any():
        result[is_test] = stats.false_discovery_control(p[is_test])
    return result
