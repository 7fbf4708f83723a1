"""The average effect of these very samples, each counting by its size."""

import numpy as np


def size_weighted_mean(
    estimate: np.ndarray,
    standard_error: np.ndarray,
    size: np.ndarray,
    cluster: np.ndarray,
) -> tuple[float, float]:
    """Average estimates that may differ (Rice, Higgins & Lumley 2018).

    Nothing is assumed of how they differ, and weights that do not come from the
    estimates' own errors cannot favour estimates that happen to be small.

    Args:
        estimate: The estimates.
        standard_error: Their standard errors.
        size: How many users each is about.
        cluster: A number per estimate; estimates with the same number may depend on
            each other in any way, so their errors add up whole.

    Returns:
        The mean and its standard error.

    >>> mean, error = size_weighted_mean(
    ...     estimate=np.array([1.0, 2.0, 3.0]),
    ...     standard_error=np.array([0.3, 0.4, 0.6]),
    ...     size=np.array([100, 100, 200]),
    ...     cluster=np.array([0, 0, 1]),
    ... )
    >>> round(mean, 4), round(error, 4)
    (2.25, 0.3473)
    """
    share = size / size.sum()
    error = np.bincount(cluster, share * standard_error)
    return float(np.sum(share * estimate)), float(np.sqrt(np.sum(error**2)))
