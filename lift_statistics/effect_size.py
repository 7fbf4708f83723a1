"""Standardised effect sizes of paired differences, and their intervals."""

import numpy as np
from scipy import special
from scipy.optimize import elementwise

LARGEST_EXACT_N = 10_000


def hedges_correction(df: np.ndarray) -> np.ndarray:
    """Return J(df), which makes d_z unbiased (Hedges 1981); NaN below 2 df.

    Args:
        df: Degrees of freedom.

    >>> hedges_correction(np.array([9.0])).round(4).tolist()
    [0.9139]
    """
    factor = np.sqrt(2 * np.pi / df) / special.beta((df - 1) / 2, 0.5)
    return np.where(df >= 2, factor, np.nan)


def d_z_interval(
    t: np.ndarray, n: np.ndarray, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of d_z = t / sqrt(n) (Cumming & Finch 2001).

    Up to 10,000 recipients they are the effects under which t would lie in the
    upper or lower tail of its noncentral distribution; beyond, where that takes
    long and makes no difference, those of the normal approximation.

    Args:
        t: Statistics of paired t tests.
        n: Numbers of pairs.
        alpha: One minus the confidence level.

    >>> low, high = d_z_interval(np.array([3.1623]), np.array([5]), 0.05)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.093], [2.668])
    """
    d_z = t / np.sqrt(n)
    margin = special.ndtri(1 - alpha / 2) * np.sqrt(1 / n + d_z**2 / (2 * n))
    low, high = d_z - margin, d_z + margin
    exact = (n <= LARGEST_EXACT_N) & np.isfinite(t)
    near, far = _noncentrality_interval(np.abs(t[exact]), n[exact] - 1.0, alpha)
    # the interval of -t is the mirror image of the interval of t
    is_negative = t[exact] < 0
    low[exact] = np.where(is_negative, -far, near) / np.sqrt(n[exact])
    high[exact] = np.where(is_negative, -near, far) / np.sqrt(n[exact])
    return low, high


def _noncentrality_interval(
    t: np.ndarray, df: np.ndarray, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Invert the noncentral t distribution in its noncentrality, for t >= 0."""

    def excess(
        noncentrality: np.ndarray, df: np.ndarray, t: np.ndarray, probability: float
    ) -> np.ndarray:
        return special.nctdtr(df, noncentrality, t) - probability

    # T = (Z + noncentrality) / S with Z normal and S^2 chi-square / df: the ends
    # of both brackets follow from P(Z > z) and, above t, from P(S > s)
    z = special.ndtri(1 - alpha / 2)
    largest_s = np.sqrt(special.chdtri(df, alpha / 4) / df)
    low = elementwise.find_root(
        excess, (np.full_like(t, -z), t), args=(df, t, 1 - alpha / 2)
    )
    high = elementwise.find_root(
        excess, (np.zeros_like(t), largest_s * t + z + 3), args=(df, t, alpha / 2)
    )
    return low.x, high.x
