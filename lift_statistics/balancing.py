"""Weights that make one group look like another before anything happened to either.

Entropy balancing (Hainmueller 2012): of all weights that give the comparison group the
other group's means, those that differ least from equal ones. With a small ridge
(Zhao & Percival 2017; Wang & Zubizarreta 2020) they exist for any data.
"""

from dataclasses import dataclass

import numpy as np

LARGEST_GRADIENT, LARGEST_DECREMENT = 1e-9, 1e-14
SUFFICIENT_DECREASE, SMALLEST_STEP = 1e-4, 1e-8


@dataclass(frozen=True)
class BalancingWeights:
    """Weights of a comparison group.

    Attributes:
        weight: The weight of each user of an element; users times weights sum to 1.
        is_converged: Whether they are the solution.
        steps: Newton steps that were taken.
    """

    weight: np.ndarray
    is_converged: bool
    steps: int


def balancing_weights(
    covariates: np.ndarray,
    users: np.ndarray,
    target: np.ndarray,
    ridge: float,
    max_steps: int,
) -> BalancingWeights:
    """Weigh elements so that their means are the target's.

    Minimises the convex dual `log(sum(users * exp(-x @ b))) + ridge / 2 * b @ b`, where
    x is what a covariate exceeds its target by, by Newton's method with Armijo's rule.
    The means miss the target by `ridge * b`.

    Args:
        covariates: One row per covariate, one column per element. The ridge assumes
            that a standard deviation of each is about 1.
        users: How many users each element stands for.
        target: The mean that each covariate shall have.
        ridge: How strongly large weights are held back; 0 for exact balance, which
            may not exist.
        max_steps: When to give up.

    Jaynes' die (1963): what is most likely of a die that shows 4.5 on average?

    >>> die = np.arange(1.0, 7.0).reshape(1, -1)
    >>> found = balancing_weights(die, np.ones(6), np.array([4.5]), 0.0, 50)
    >>> found.weight.round(5).tolist()
    [0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749]
    """
    excess = covariates - target[:, None]
    identity = np.eye(len(excess))
    dual = np.zeros(len(excess))
    value, weight = _dual(excess, users, dual, ridge)
    for steps in range(max_steps + 1):
        weighted = excess * (users * weight)
        mean = weighted.sum(axis=1)
        gradient = ridge * dual - mean
        if np.max(np.abs(gradient), initial=0) < LARGEST_GRADIENT:
            return BalancingWeights(weight, True, steps)
        # no BLAS: its threads add up in an order of their own
        hessian = np.einsum("in,jn->ij", weighted, excess) - np.outer(mean, mean)
        try:
            direction = -np.linalg.solve(hessian + ridge * identity, gradient)
        except np.linalg.LinAlgError:
            break
        decrement = -gradient @ direction
        if 0 <= decrement < LARGEST_DECREMENT:
            return BalancingWeights(weight, True, steps)
        length = 1.0
        while length >= SMALLEST_STEP:
            step = dual + length * direction
            next_value, next_weight = _dual(excess, users, step, ridge)
            if next_value <= value - SUFFICIENT_DECREASE * length * decrement:
                break
            length /= 2
        else:
            break
        dual, value, weight = step, next_value, next_weight
    return BalancingWeights(weight, False, steps)


def _dual(
    excess: np.ndarray, users: np.ndarray, dual: np.ndarray, ridge: float
) -> tuple[float, np.ndarray]:
    """Return the value of the dual and the weights that belong to it."""
    exponent = -np.einsum("in,i->n", excess, dual)
    largest = exponent.max()
    weight = np.exp(exponent - largest)
    total = np.sum(users * weight)
    value = largest + np.log(total) + ridge / 2 * np.sum(dual**2)
    return value, weight / total
