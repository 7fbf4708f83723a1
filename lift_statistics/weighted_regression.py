"""The difference between a group and a weighted comparison group, by regression.

Weighted least squares with weights that balance the covariates is doubly robust: it
is right if either the weights or the regression is (Kline 2011; Chattopadhyay &
Zubizarreta 2023).
"""

from dataclasses import dataclass

import numpy as np

# too small to show in any result; decides between covariates that say the same
RIDGE = 1e-8
LARGEST_LEVERAGE = 0.95
SMALLEST_DEVIATION = 1e-9  # as a share of the range


@dataclass(frozen=True)
class Effect:
    """The mean difference between two groups in what they did.

    Attributes:
        lift: The difference.
        variance: Its squared standard error; NaN for fewer than two of the group.
        df: Degrees of freedom of that.
        post_mean: What the group did.
        post_variance: Squared standard error of that.
        covariance: Covariance of the lift and `post_mean`.
    """

    lift: float
    variance: float
    df: float
    post_mean: float
    post_variance: float
    covariance: float


@dataclass(frozen=True)
class WeightedRegression:
    """A regression on the comparison group, whatever the outcome.

    Attributes:
        weight: The final weight of each comparison user: it balances every covariate
            exactly, sums to 1 over users and may be slightly negative.
        leverage: How much each comparison user decides about their own fitted value.
        effective_size: Kish's effective size of the comparison group.
        users: How many comparison users each element stands for.
        group_users: How many users of the group each element stands for.
        base_weight: The weights of the regression.
        covariates: The standardised covariates of the comparison group.
        group_covariates: Those of the group.
        inverse: Inverse of their weighted products.
    """

    weight: np.ndarray
    leverage: np.ndarray
    effective_size: float
    users: np.ndarray
    group_users: np.ndarray
    base_weight: np.ndarray
    covariates: np.ndarray
    group_covariates: np.ndarray
    inverse: np.ndarray

    def effect(self, outcome: np.ndarray, comparison_outcome: np.ndarray) -> Effect:
        """Compare an outcome of the group with that of the comparison group.

        The standard error is HC3 (MacKinnon & White 1985; Long & Ervin 2000) for the
        comparison group, its degrees of freedom are Satterthwaite's.

        Args:
            outcome: One value per element of the group.
            comparison_outcome: One value per element of the comparison group.
        """
        residual, comparison_residual = self._residuals(outcome, comparison_outcome)
        n = int(self.group_users.sum())
        parts = np.array(
            [
                _covariance_of_means(residual, residual, self.group_users),
                self._variance(comparison_residual),
            ]
        )
        df = np.maximum([n - 1, self.effective_size - 1], 1)
        squares = np.sum(parts**2 / df)
        return Effect(
            lift=_mean(residual, self.group_users),
            variance=float(parts.sum()),
            df=float(parts.sum() ** 2 / squares) if squares > 0 else n - 1.0,
            post_mean=_mean(outcome, self.group_users),
            post_variance=_covariance_of_means(outcome, outcome, self.group_users),
            covariance=_covariance_of_means(residual, outcome, self.group_users),
        )

    def weighted_mean(self, outcome: np.ndarray) -> tuple[float, float]:
        """Return the mean that the comparison group would have with these covariates.

        Args:
            outcome: One value per element of the comparison group.

        Returns:
            The mean and its HC3 squared standard error.
        """
        _, residual = self._residuals(np.zeros(len(self.group_users)), outcome)
        mean = np.sum(self.users * self.weight * outcome)
        return float(mean), self._variance(residual)

    def _residuals(
        self, outcome: np.ndarray, comparison_outcome: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        # so that equal outcomes leave exactly nothing
        origin = comparison_outcome[0]
        outcome, comparison_outcome = outcome - origin, comparison_outcome - origin
        weighted = self.users * self.base_weight * comparison_outcome
        intercept = np.sum(weighted)
        slopes = self.inverse @ np.einsum("in,n->i", self.covariates, weighted)
        return (
            outcome - intercept - np.einsum("in,i->n", self.group_covariates, slopes),
            comparison_outcome
            - intercept
            - np.einsum("in,i->n", self.covariates, slopes),
        )

    def _variance(self, residual: np.ndarray) -> float:
        scaled = self.weight * residual / (1 - self.leverage)
        return float(np.sum(self.users * scaled**2))


def weighted_regression(
    group_covariates: np.ndarray,
    group_users: np.ndarray,
    covariates: np.ndarray,
    users: np.ndarray,
    weight: np.ndarray,
) -> WeightedRegression:
    """Regress on the covariates of the comparison group.

    Args:
        group_covariates: One row per covariate, one column per element of the group.
        group_users: How many users each of these elements stands for.
        covariates: The same of the comparison group; what does not vary there is left
            out.
        users: Likewise.
        weight: The weight of each user of the comparison group; over users the sum
            is 1.

    Three of four in the group have x = 1, in the comparison group two of ten:

    >>> found = weighted_regression(
    ...     group_covariates=np.array([[1.0, 0.0]]),
    ...     group_users=np.array([3, 1]),
    ...     covariates=np.array([[1.0, 0.0]]),
    ...     users=np.array([2, 8]),
    ...     weight=np.array([0.1, 0.1]),
    ... )
    >>> found.weight.round(5).tolist(), round(found.effective_size, 5)
    ([0.375, 0.03125], 3.45946)
    """
    total = users * weight
    mean = np.einsum("in,n->i", covariates, total)
    deviation = np.sqrt(np.einsum("in,n->i", (covariates - mean[:, None]) ** 2, total))
    spread = np.ptp(covariates, axis=1)
    # where all the weight is on users who are alike, only rounding varies
    varies = (spread > 0) & (deviation > SMALLEST_DEVIATION * spread)

    def scaled(values: np.ndarray) -> np.ndarray:
        return (values[varies] - mean[varies, None]) / deviation[varies, None]

    z, group_z = scaled(covariates), scaled(group_covariates)
    products = np.einsum("in,jn->ij", z * total, z)
    inverse = np.linalg.inv(products + RIDGE * np.eye(len(z)))
    group_mean = np.einsum("in,n->i", group_z, group_users / group_users.sum())
    final = weight * (1 + np.einsum("in,i->n", z, inverse @ group_mean))
    leverage = weight * (1 + np.sum(z * np.einsum("ij,jn->in", inverse, z), axis=0))
    return WeightedRegression(
        weight=final,
        leverage=np.minimum(leverage, LARGEST_LEVERAGE),
        effective_size=float(1 / np.sum(users * final**2)),
        users=users,
        group_users=group_users,
        base_weight=weight,
        covariates=z,
        group_covariates=group_z,
        inverse=inverse,
    )


def _mean(values: np.ndarray, users: np.ndarray) -> float:
    return float(np.sum(users * values) / users.sum())


def _covariance_of_means(
    first: np.ndarray, second: np.ndarray, users: np.ndarray
) -> float:
    """Return the covariance of two means; NaN with fewer than two users."""
    n = users.sum()
    if n < 2:
        return np.nan
    deviations = [
        shifted - _mean(shifted, users)
        for shifted in (first - first[0], second - second[0])
    ]
    return float(np.sum(users * np.multiply(*deviations)) / n / (n - 1))
