"""The cap of a count: a few people who do very much decide about no result alone."""

import numpy as np


def cap_level(count: np.ndarray, users: np.ndarray, share: float) -> int:
    """Return the count that at most a share of the active users exceeds.

    Args:
        count: Counts, in any order.
        users: How many users have each.
        share: The share, between 0 and 1.

    Returns:
        The level; at least 1, also if nobody was active.

    >>> cap_level(np.arange(1, 41), np.ones(40, int), 0.05)
    38
    """
    active = np.flatnonzero(count > 0)
    if len(active) == 0:
        return 1
    order = active[np.argsort(-count[active], kind="stable")]
    above = np.cumsum(users[order])
    rank = np.floor(share * above[-1])
    return int(count[order][np.searchsorted(above, rank, side="right")])
