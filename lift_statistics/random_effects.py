"""Random-effects meta-analysis of several groups of estimates at once."""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class RandomEffects:
    """One element per group.

    Attributes:
        count: Number of estimates.
        mean: The pooled estimate.
        standard_error: Its standard error if the variances were known.
        robust_error: Its Hartung-Knapp standard error, which allows for their not
            being known; NaN for a single estimate.
        between_variance: Variance of the true values; NaN for a single estimate.
        i_squared: Share of the variation that is not sampling error, from 0 to 1.
    """

    count: np.ndarray
    mean: np.ndarray
    standard_error: np.ndarray
    robust_error: np.ndarray
    between_variance: np.ndarray
    i_squared: np.ndarray


def random_effects(
    estimate: np.ndarray, variance: np.ndarray, group: np.ndarray
) -> RandomEffects:
    """Pool estimates that differ by more than their sampling errors.

    The variance between them is DerSimonian & Laird's (1986), which has a closed
    form. The standard error is Hartung & Knapp's, as IntHout et al. (2014) recommend,
    and never smaller than the one without their correction: estimates that agree by
    chance, two of them above all, would else look all but certain (Knapp & Hartung
    2003; Roever et al. 2015).

    Args:
        estimate: The estimates.
        variance: Their squared standard errors, larger than 0.
        group: The group of each, numbered from 0; every group has an estimate.

    >>> effects = random_effects(
    ...     np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 0])
    ... )
    >>> [round(float(x[0]), 4) for x in (effects.mean, effects.between_variance)]
    [2.0, 1.5]
    """

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values)

    count = np.bincount(group)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = 1 / variance
        fixed_mean = total(weight * estimate) / total(weight)
        heterogeneity = total(weight * (estimate - fixed_mean[group]) ** 2)
        scale = total(weight) - total(weight**2) / total(weight)
        excess = np.maximum(heterogeneity - (count - 1), 0)
        # nothing can be said about the variation of a single estimate
        is_single = count == 1
        between = np.where(is_single, np.nan, excess / scale)

        weight = 1 / (variance + np.where(is_single, 0, between)[group])
        mean = total(weight * estimate) / total(weight)
        spread = total(weight * (estimate - mean[group]) ** 2) / (count - 1)
        standard_error = np.sqrt(1 / total(weight))
        robust_error = standard_error * np.sqrt(np.maximum(spread, 1))
        i_squared = np.where(heterogeneity > 0, excess / heterogeneity, 0)
    return RandomEffects(
        count=count,
        mean=mean,
        standard_error=standard_error,
        robust_error=np.where(is_single, np.nan, robust_error),
        between_variance=between,
        i_squared=np.where(is_single, np.nan, i_squared),
    )


def shrunken_estimates(
    estimate: np.ndarray,
    variance: np.ndarray,
    effects: RandomEffects,
    group: np.ndarray,
    alpha: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw estimates towards the mean of their group, for fair rankings.

    The noisier an estimate and the less the true values differ, the nearer it comes to
    the mean: the best linear unbiased prediction (Robinson 1991), with the variance and
    normal interval that `blup` of R's metafor gives it.

    Args:
        estimate: The estimates.
        variance: Their squared standard errors.
        effects: What `random_effects` found in them.
        group: The group of each.
        alpha: One minus the confidence level.

    Returns:
        Predictions, lower and upper limits; NaN in a group of a single estimate.

    >>> estimate, variance = np.array([1.0, 3.0]), np.array([0.5, 0.5])
    >>> group = np.array([0, 0])
    >>> effects = random_effects(estimate, variance, group)
    >>> shrunken, _, _ = shrunken_estimates(estimate, variance, effects, group, 0.05)
    >>> shrunken.round(4).tolist()
    [1.25, 2.75]
    """
    between = effects.between_variance[group]
    trust = between / (between + variance)
    shrunken = trust * estimate + (1 - trust) * effects.mean[group]
    mean_variance = ((1 - trust) * effects.standard_error[group]) ** 2
    margin = special.ndtri(1 - alpha / 2) * np.sqrt(trust * variance + mean_variance)
    return shrunken, shrunken - margin, shrunken + margin


def prediction_interval(
    mean: np.ndarray,
    standard_error: np.ndarray,
    between_variance: np.ndarray,
    count: np.ndarray,
    alpha: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the range of the true value of one more estimate.

    After Higgins, Thompson & Spiegelhalter (2009), with a t distribution of two degrees
    of freedom less than there are estimates.

    Args:
        mean: Means of estimates, weighted in any way.
        standard_error: Their standard errors.
        between_variance: Variances of the true values.
        count: Numbers of estimates.
        alpha: One minus the probability that the true value lies inside.

    Returns:
        Lower and upper limits; NaN for fewer than three estimates.

    >>> low, high = prediction_interval(
    ...     mean=np.array([2.0]),
    ...     standard_error=np.array([0.6]),
    ...     between_variance=np.array([0.64]),
    ...     count=np.array([5]),
    ...     alpha=0.05,
    ... )
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([-1.1824], [5.1824])
    """
    df = np.where(count > 2, count - 2.0, np.nan)
    spread = np.sqrt(between_variance + standard_error**2)
    margin = special.stdtrit(df, 1 - alpha / 2) * spread
    return mean - margin, mean + margin
