"""Power of the paired t test, the sample it needs, and what it can detect."""

import numpy as np
from scipy import special
from scipy.optimize import elementwise

LARGEST_EXACT_N = 1_000_000
CERTAIN_NONCENTRALITY = 37
FAR_TAIL_NONCENTRALITY = 8


def t_test_power(effect: np.ndarray, n: np.ndarray, alpha: float) -> np.ndarray:
    """Return the power of a two-sided paired t test (Cohen 1988).

    Args:
        effect: Standardised effects: mean difference over its standard deviation.
        n: Numbers of pairs, not necessarily whole.
        alpha: Level of the test.

    >>> t_test_power(np.array([0.5]), np.array([34.0]), alpha=0.05).round(4).tolist()
    [0.8078]
    """
    noncentrality = np.minimum(np.abs(effect) * np.sqrt(n), CERTAIN_NONCENTRALITY)
    critical = special.stdtrit(n - 1, 1 - alpha / 2)
    exact = 1 - special.nctdtr(n - 1, noncentrality, critical)
    # the opposite tail vanishes, and nctdtr answers NaN far out in it
    exact += np.where(
        noncentrality < FAR_TAIL_NONCENTRALITY,
        special.nctdtr(n - 1, noncentrality, -critical),
        0,
    )
    normal = special.ndtr(noncentrality - critical) + special.ndtr(
        -noncentrality - critical
    )
    return np.where(n > LARGEST_EXACT_N, normal, exact)


def pairs_required(effect: np.ndarray, alpha: float, power: float) -> np.ndarray:
    """Return the number of pairs, not rounded, at which the test has the power.

    NaN for an effect of zero, which no sample shows.

    Args:
        effect: Standardised effects, as in `t_test_power`.
        alpha: Level of the test.
        power: Probability of finding the effect.

    >>> pairs_required(np.array([0.5]), alpha=0.05, power=0.8).round(2).tolist()
    [33.37]
    """
    size = np.where(effect == 0, np.nan, np.abs(effect))
    normal = ((special.ndtri(1 - alpha / 2) + special.ndtri(power)) / size) ** 2

    def shortfall(n: np.ndarray, size: np.ndarray) -> np.ndarray:
        return t_test_power(size, n, alpha) - power

    bracket = (np.full_like(size, 2.0), 2 * normal + 10)
    exact = elementwise.find_root(shortfall, bracket, args=(size,)).x
    # two pairs are enough for an effect so large that no bracket holds a root
    exact = np.where(shortfall(bracket[0], size) >= 0, 2.0, exact)
    return np.where(normal > LARGEST_EXACT_N, normal, exact)


def minimum_detectable_effect(
    standard_error: np.ndarray, df: np.ndarray, alpha: float, power: float
) -> np.ndarray:
    """Return the true mean difference that a sample like this one would show.

    Args:
        standard_error: Standard errors of the mean differences.
        df: Their degrees of freedom.
        alpha: Level of the test.
        power: Probability of finding the difference.

    >>> minimum_detectable_effect(
    ...     np.array([0.1]), np.array([99.0]), alpha=0.05, power=0.8
    ... ).round(4).tolist()
    [0.2829]
    """
    quantiles = special.stdtrit(df, 1 - alpha / 2) + special.stdtrit(df, power)
    return quantiles * standard_error
