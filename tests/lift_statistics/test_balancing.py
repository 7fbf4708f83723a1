"""Balancing weights: published solutions, and what must not change them."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import optimize

from lift_statistics import balancing_weights

RIDGE, STEPS = 1e-3, 50
# men of the National Supported Work programme and of the Current Population Survey
# (Dehejia & Wahba 1999), as the package causaldata has them (MIT licence)
NSW = pq.read_table(Path(__file__).parent / "nsw_cps.parquet")
POWERS = ("age", "educ", "re74", "re75")
SHARES = ("black", "hisp", "marr", "nodegree")


def test_jaynes_die() -> None:
    """Jaynes 1963, printed to five digits."""
    die = np.arange(1.0, 7.0).reshape(1, -1)
    found = balancing_weights(die, np.ones(6), np.array([4.5]), 0.0, STEPS)
    assert found.is_converged
    published = [0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749]
    assert found.weight == pytest.approx(published, abs=6e-6)


def test_by_hand() -> None:
    """Values 0, 1 and 2 to mean 1.5: u^2 - u - 3 = 0, weights as 1 : u : u^2."""
    found = balancing_weights(
        np.array([[0.0, 1, 2]]), np.ones(3), np.array([1.5]), 0.0, STEPS
    )
    u = (1 + np.sqrt(13)) / 2
    assert found.weight == pytest.approx(np.array([1, u, u**2]) / (1 + u + u**2))


@pytest.mark.parametrize(
    ("degree", "divergence", "size", "lift"),
    [
        # the published output of entbal in R: 3.612062, 116.45 and 1392.1
        (3, 3.612062, 116.46, 1392.15),
        (1, None, 417.68, 1270.73),
    ],
)
def test_job_training_against_the_published_solution(
    degree: int, divergence: float | None, size: float, lift: float
) -> None:
    columns = {
        name: NSW[name].to_numpy().astype(float)
        for name in (*POWERS, *SHARES, "treat", "re78")
    }
    rows = [columns[name] ** k for name in POWERS for k in range(1, degree + 1)]
    rows = np.array([*rows, *(columns[name] for name in SHARES)])
    is_treated = columns["treat"] == 1
    treated = rows[:, is_treated]
    mean, deviation = treated.mean(axis=1), treated.std(axis=1)
    others = (rows[:, ~is_treated] - mean[:, None]) / deviation[:, None]
    users = np.ones(others.shape[1])
    found = balancing_weights(others, users, np.zeros(len(mean)), 0.0, STEPS)
    weight, income = found.weight, columns["re78"]
    assert found.is_converged
    if divergence is not None:
        entropy = np.sum(weight * np.log(weight * len(weight)))
        assert entropy == pytest.approx(divergence, abs=1e-6)
    assert 1 / np.sum(weight**2) == pytest.approx(size, abs=0.01)
    difference = income[is_treated].mean() - np.sum(weight * income[~is_treated])
    assert difference == pytest.approx(lift, abs=0.01)


def test_equals_a_general_optimiser() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(4, 90))
    users, target = random.integers(1, 5, 90), np.array([0.3, -0.2, 0.1, 0.0])

    def dual(b: np.ndarray) -> float:
        exponents = -(x - target[:, None]).T @ b
        return np.log(np.sum(users * np.exp(exponents))) + 0.05 * b @ b

    b = optimize.minimize(dual, np.zeros(4), tol=1e-12).x
    expected = np.exp(-(x - target[:, None]).T @ b)
    found = balancing_weights(x, users, target, 0.1, STEPS)
    total = np.sum(users * expected)
    assert found.weight == pytest.approx(expected / total, rel=1e-4)


def test_users_of_one_cell_and_their_order_change_nothing() -> None:
    random = np.random.default_rng(8)
    x, users = random.normal(size=(3, 40)), random.integers(1, 6, 40)
    target = np.array([0.4, 0.0, -0.3])
    found = balancing_weights(x, users, target, RIDGE, STEPS).weight
    single = np.repeat(np.arange(40), users)
    order = random.permutation(len(single))
    again = balancing_weights(
        x[:, single[order]], np.ones(len(single)), target, RIDGE, STEPS
    )
    assert again.weight == pytest.approx(found[single[order]], rel=1e-9)
    repeated = balancing_weights(x, users, target, RIDGE, STEPS).weight
    assert np.array_equal(repeated, found)


def test_covariates_that_say_the_same_change_nothing() -> None:
    random = np.random.default_rng(9)
    x = random.normal(size=(2, 50))
    target = np.array([0.5, 0.1])
    once = balancing_weights(x, np.ones(50), target, 1e-9, STEPS)
    twice = balancing_weights(x[[0, 1, 0]], np.ones(50), target[[0, 1, 0]], 1e-9, STEPS)
    assert twice.weight == pytest.approx(once.weight, abs=1e-6)


def test_what_has_no_solution() -> None:
    """No weights give values from 0 to 1 the mean 2: the ridge keeps them finite."""
    x, target = np.array([[0.0, 0.5, 1.0]]), np.array([2.0])
    held = balancing_weights(x, np.ones(3), target, RIDGE, STEPS)
    assert held.is_converged
    assert held.weight == pytest.approx([0, 0, 1], abs=1e-6)
    assert not balancing_weights(x, np.ones(3), target, 0.0, 8).is_converged
    assert not balancing_weights(x, np.ones(3), target, RIDGE, 1).is_converged


def test_nothing_to_balance_leaves_weights_equal() -> None:
    found = balancing_weights(
        np.zeros((0, 4)), np.array([1, 1, 2, 4]), np.zeros(0), RIDGE, STEPS
    )
    assert found.weight.tolist() == [1 / 8] * 4
