"""The paired t test: p-values however small, and intervals of a mean and a ratio."""

import numpy as np
from scipy import special

SAFELY_REPRESENTED = 1e-280
LARGEST_TERM_COUNT = 10_000


def p_values(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return two-sided p-values; 0 where p is too small for a double.

    Args:
        t: Test statistics.
        df: Degrees of freedom.

    >>> p_values(np.array([2.262]), np.array([9.0])).round(4).tolist()
    [0.05]
    """
    return 2 * special.stdtr(df, -np.abs(t))


def log10_p_values(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the decimal logarithm of two-sided p-values, however small they are.

    Args:
        t: Test statistics.
        df: Degrees of freedom.

    >>> t, df = np.array([2.262, 200.0]), np.array([9.0, 1000.0])
    >>> log10_p_values(t, df).round(3).tolist()
    [-1.301, -807.985]
    """
    p = p_values(t, df)
    is_tiny = p < SAFELY_REPRESENTED
    result = np.log10(p, where=~is_tiny, out=np.empty_like(p))
    result[is_tiny] = _log10_tail(t[is_tiny], df[is_tiny])
    return result


def mean_interval(
    mean: np.ndarray, standard_error: np.ndarray, df: np.ndarray, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of the t interval of a mean.

    Args:
        mean: Sample means.
        standard_error: Their standard errors.
        df: Degrees of freedom of the standard errors.
        alpha: One minus the confidence level.

    >>> low, high = mean_interval(
    ...     np.array([1.0]), np.array([0.5]), np.array([9.0]), alpha=0.05
    ... )
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([-0.1311], [2.1311])
    """
    margin = special.stdtrit(df, 1 - alpha / 2) * standard_error
    return mean - margin, mean + margin


def mean_test(
    mean: np.ndarray, sd: np.ndarray, n: np.ndarray, has_test: np.ndarray, alpha: float
) -> dict[str, np.ndarray]:
    """Test means against 0, as the observed lift is tested.

    Equal values are no evidence and have neither p-value nor limits, unless all of
    them are 0, which is surely no lift.

    Args:
        mean: Sample means.
        sd: Sample standard deviations, exactly 0 if all values are equal.
        n: Sample sizes.
        has_test: Whether a test may be shown.
        alpha: One minus the confidence level.

    Returns:
        Arrays `t`, `p`, `low` and `high`; NaN where there is none.

    >>> mean, sd, n = np.array([1.0]), np.array([0.7071]), np.array([5])
    >>> mean_test(mean, sd, n, np.array([True]), 0.05)["p"].round(4).tolist()
    [0.0341]
    """
    is_zero = (sd == 0) & (mean == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        standard_error = sd / np.sqrt(n)
        t = np.where(sd > 0, mean / standard_error, np.nan)
    df = np.where(has_test & ((sd > 0) | is_zero), n - 1.0, np.nan)
    low, high = mean_interval(mean, standard_error, df, alpha)
    return {
        "t": t,
        "p": p_values(np.where(is_zero, 0, t), df),
        "low": low,
        "high": high,
    }


def fieller_interval(
    numerator: np.ndarray,
    denominator: np.ndarray,
    numerator_variance: np.ndarray,
    denominator_variance: np.ndarray,
    covariance: np.ndarray,
    df: np.ndarray,
    alpha: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a ratio of two correlated means (Fieller 1954).

    The limits are the ratios that a t test of `numerator - ratio * denominator`
    does not reject, so they exclude 1 exactly when that test rejects equal means.

    Args:
        numerator: Means above the line.
        denominator: Means below the line.
        numerator_variance: Squared standard errors of the numerators.
        denominator_variance: Squared standard errors of the denominators.
        covariance: Covariances of the two means.
        df: Degrees of freedom of the variances.
        alpha: One minus the confidence level.

    Returns:
        Lower and upper limits; NaN where the set of ratios has no bounds.

    >>> low, high = fieller_interval(
    ...     numerator=np.array([6.0]),
    ...     denominator=np.array([5.0]),
    ...     numerator_variance=np.array([0.25]),
    ...     denominator_variance=np.array([0.16]),
    ...     covariance=np.array([0.05]),
    ...     df=np.array([20.0]),
    ...     alpha=0.05,
    ... )
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.9701], [1.4807])
    """
    quantile = special.stdtrit(df, 1 - alpha / 2)
    a = denominator**2 - quantile**2 * denominator_variance
    b = numerator * denominator - quantile**2 * covariance
    c = numerator**2 - quantile**2 * numerator_variance
    discriminant = b**2 - a * c
    is_bounded = (a > 0) & (discriminant >= 0)
    divisor = np.where(is_bounded, a, np.nan)
    root = np.sqrt(np.where(is_bounded, discriminant, np.nan))
    return (b - root) / divisor, (b + root) / divisor


def _log10_tail(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return log10 p far out in the tails, where p itself underflows.

    p is the incomplete beta function I_x(df/2, 1/2) at x = df / (df + t^2): a
    leading factor, taken in logarithms, times a continued fraction, evaluated
    from its front by Lentz's method.
    """
    a, b = df / 2, 0.5
    x = df / (df + t**2)
    log_front = (
        -a * np.log1p(t**2 / df)
        + b * np.log(t**2 / (df + t**2))
        - np.log(a)
        - special.betaln(a, b)
    )
    ratio = np.ones_like(x)
    inverse = fraction = 1 / (1 - (a + b) * x / (a + 1))
    for m in range(1, LARGEST_TERM_COUNT):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            inverse = 1 / (1 + term * inverse)
            ratio = 1 + term / ratio
            fraction = fraction * ratio * inverse
        if np.all(np.abs(ratio * inverse - 1) < np.finfo(float).eps):
            break
    return (log_front + np.log(fraction)) / np.log(10)
