"""Quantiles and moments of weighted values in groups, all groups at once.

A value with weight 3 stands for three recipients with that value, so every result is
the one of the recipients themselves. Groups are numbered from 0; a group nobody is in
has NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class WeightedMoments:
    """Size, mean and sample standard deviation, one element per group.

    A group of equal values has a deviation of exactly 0, one of a single value none.
    """

    n: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


def weighted_quantiles(
    values: np.ndarray,
    weights: np.ndarray,
    group: np.ndarray,
    group_count: int,
    probabilities: Sequence[float],
) -> np.ndarray:
    """Return type-7 quantiles (Hyndman & Fan 1996), as NumPy and DuckDB do.

    Args:
        values: What to rank, in any order.
        weights: How many recipients have each value, at least 1.
        group: The group of each value.
        group_count: Number of groups.
        probabilities: Between 0 and 1.

    Returns:
        One row per probability, one column per group.

    Values 1, 5, 5 and 9:

    >>> weighted_quantiles(
    ...     values=np.array([1.0, 5, 9]),
    ...     weights=np.array([1, 2, 1]),
    ...     group=np.array([0, 0, 0]),
    ...     group_count=1,
    ...     probabilities=[0.25, 0.5],
    ... ).tolist()
    [[4.0], [5.0]]
    """
    order = np.lexsort((values, group))
    values, ends = values[order], np.cumsum(weights[order])
    n = _sizes(weights, group, group_count)
    first = (np.cumsum(n) - n)[n > 0]
    rank = np.multiply.outer(np.asarray(probabilities), n[n > 0] - 1)
    lower_rank = np.floor(rank)

    def ranked(position: np.ndarray) -> np.ndarray:
        return values[np.searchsorted(ends, first + position, side="right")]

    lower, upper = ranked(lower_rank), ranked(np.ceil(rank))
    result = np.full((len(probabilities), group_count), np.nan)
    result[:, n > 0] = lower + (rank - lower_rank) * (upper - lower)
    return result


def weighted_moments(
    values: np.ndarray, weights: np.ndarray, group: np.ndarray, group_count: int
) -> WeightedMoments:
    """Return means and deviations by the two-pass algorithm (Chan et al. 1983).

    Args:
        values: In any order.
        weights: How many recipients have each value.
        group: The group of each value.
        group_count: Number of groups.

    >>> moments = weighted_moments(
    ...     values=np.array([1.0, 5, 9]),
    ...     weights=np.array([1, 2, 1]),
    ...     group=np.array([0, 0, 0]),
    ...     group_count=1,
    ... )
    >>> moments.n.tolist(), moments.mean.tolist(), moments.sd.round(4).tolist()
    ([4], [5.0], [3.266])
    """
    n = _sizes(weights, group, group_count)
    lowest = np.full(group_count, np.inf)
    highest = np.full(group_count, -np.inf)
    np.minimum.at(lowest, group, values)
    np.maximum.at(highest, group, values)
    is_constant = lowest == highest
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(group, weights * values, group_count) / n
        # the mean of equal values is that value, which a rounded sum can miss
        mean = np.where(is_constant, lowest, mean)
        squares = np.bincount(group, weights * (values - mean[group]) ** 2, group_count)
        sd = np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
    return WeightedMoments(n, mean, sd)


def _sizes(weights: np.ndarray, group: np.ndarray, group_count: int) -> np.ndarray:
    return np.bincount(group, weights, group_count).astype(np.int64)
