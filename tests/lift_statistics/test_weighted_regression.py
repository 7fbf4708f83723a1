"""The weighted regression: by hand, and against textbook formulas on single people."""

import numpy as np
import pytest

from lift_statistics import balancing_weights, weighted_regression


def test_two_by_two_by_hand() -> None:
    """Weights .375 and .03125 whatever the ridge; HC3 for two and eight controls."""
    x, others = np.array([[1.0, 1, 1, 0]]), np.array([[1.0, 1] + [0] * 8])
    scale = x.std()
    for ridge in (0.0, 1e-3, 1.0):
        weight = balancing_weights(
            (others - 0.75) / scale, np.ones(10), np.zeros(1), ridge, 50
        ).weight
        if ridge == 1e-3:
            assert weight[[0, 9]] == pytest.approx([0.374767, 0.031308], abs=1e-6)
        found = weighted_regression(x, np.ones(4), others, np.ones(10), weight)
        assert found.weight == pytest.approx([0.375] * 2 + [0.03125] * 8)
        assert found.effective_size == pytest.approx(3.45946, abs=1e-5)
    # with the weights that balance exactly, the leverages are 1/2 and 1/8
    weight = np.array([0.375] * 2 + [0.03125] * 8)
    found = weighted_regression(x, np.ones(4), others, np.ones(10), weight)
    done = np.array([2.0, 4, 1, 1, 0, 2, 1, 3, 0, 0])
    effect = found.effect(np.array([5.0, 3, 4, 2]), done)
    assert effect.lift == pytest.approx(1)
    assert effect.variance == pytest.approx(0.166667 + 1.135204, abs=1e-6)
    assert np.sqrt(effect.variance) == pytest.approx(1.140996, abs=1e-6)
    assert effect.df == pytest.approx(3.1785, abs=1e-4)
    assert (effect.post_mean, effect.post_variance) == (3.5, pytest.approx(5 / 12))
    mean, variance = found.weighted_mean(done)
    assert (mean, variance) == (pytest.approx(2.5), pytest.approx(1.135204, abs=1e-6))


@pytest.mark.parametrize("seed", range(4))
def test_equals_weighted_least_squares_on_single_people(seed: int) -> None:
    """numpy's solver on rows of people, and HC3 by its textbook sandwich."""
    random = np.random.default_rng(seed)
    group, others = random.normal(0.2, 1, (3, 30)), random.normal(0, 1, (3, 80))
    users = random.integers(1, 4, 80)
    weight = random.uniform(0.5, 1.5, 80)
    weight /= np.sum(users * weight)
    done = random.poisson(2, 30) + group[0]
    done_by_others = random.poisson(2, 80) + others[0]
    found = weighted_regression(group, np.ones(30), others, users, weight)
    effect = found.effect(done, done_by_others)

    single = np.repeat(np.arange(80), users)
    x = np.column_stack([np.ones(len(single)), others[:, single].T])
    y, w = done_by_others[single], weight[single]
    slopes = np.linalg.lstsq(x * np.sqrt(w)[:, None], y * np.sqrt(w))[0]
    mean_group = np.concatenate([[1], group.mean(axis=1)])
    expected = done.mean() - mean_group @ slopes
    assert effect.lift == pytest.approx(expected, abs=1e-6)

    inverse = np.linalg.inv((x * w[:, None]).T @ x)
    leverage = w * np.einsum("ni,ij,nj->n", x, inverse, x)
    influence = (inverse @ x.T) * w * (y - x @ slopes) / (1 - leverage)
    residual = done - (np.column_stack([np.ones(30), group.T]) @ slopes)
    control_part = np.sum((mean_group @ influence) ** 2)
    group_part = np.var(residual, ddof=1) / 30
    assert effect.variance == pytest.approx(control_part + group_part, rel=1e-6)
    size = 1 / np.sum((w * (x @ inverse @ mean_group)) ** 2)
    assert found.effective_size == pytest.approx(size, rel=1e-6)
    expected_df = (control_part + group_part) ** 2 / (
        control_part**2 / (size - 1) + group_part**2 / 29
    )
    assert effect.df == pytest.approx(expected_df, rel=1e-5)
    covariance = np.cov(residual, done) / 30
    assert effect.covariance == pytest.approx(covariance[0, 1], rel=1e-6)


def test_what_does_not_vary_is_left_out_and_what_is_said_twice_counts_once() -> None:
    random = np.random.default_rng(4)
    group, others = random.normal(size=(2, 20)), random.normal(size=(2, 60))
    done, by_others = random.normal(size=20), random.normal(size=60)
    weight = np.full(60, 1 / 60)

    def effect(rows: list[int], constant: bool) -> tuple[float, float]:
        first, second = group[rows], others[rows]
        if constant:
            first = np.vstack([first, np.full(20, 3.0)])
            second = np.vstack([second, np.full(60, 0.1 + 0.2)])
        found = weighted_regression(
            first, np.ones(20), second, np.ones(60), weight
        ).effect(done, by_others)
        return found.lift, found.variance

    plain = effect([0, 1], constant=False)
    assert effect([0, 1], constant=True) == plain
    assert effect([0, 1, 0], constant=False) == pytest.approx(plain, abs=1e-6)


def test_without_covariates_it_is_the_difference_of_means() -> None:
    nothing = np.zeros((0, 3)), np.zeros((0, 4))
    found = weighted_regression(
        nothing[0], np.ones(3), nothing[1], np.ones(4), np.full(4, 0.25)
    )
    effect = found.effect(np.array([1.0, 2, 3]), np.array([0.0, 2, 0, 2]))
    assert effect.lift == pytest.approx(1)
    # HC3 divides each residual of 1 by 1 - 1/4
    assert effect.variance == pytest.approx(1 / 3 + 4 * (0.25 / 0.75) ** 2)
    assert found.effective_size == pytest.approx(4)


def test_equal_outcomes_of_the_comparison_group_have_no_error_of_their_own() -> None:
    random = np.random.default_rng(6)
    group, others = random.normal(size=(2, 20)), random.normal(size=(2, 60))
    found = weighted_regression(
        group, np.ones(20), others, np.ones(60), np.full(60, 1 / 60)
    )
    done = random.normal(size=20)
    effect = found.effect(done, np.full(60, 2.0))
    assert effect.lift == pytest.approx(done.mean() - 2)
    assert effect.variance == pytest.approx(np.var(done, ddof=1) / 20)


def test_nothing_that_varies_is_no_variance() -> None:
    random = np.random.default_rng(6)
    group, others = random.normal(size=(2, 20)), random.normal(size=(2, 60))
    found = weighted_regression(
        group, np.full(20, 3), others, np.full(60, 7), np.full(60, 1 / 420)
    )
    effect = found.effect(np.full(20, 0.3), np.full(60, 0.1))
    assert effect.lift == pytest.approx(0.2)
    assert effect.variance == effect.post_variance == effect.covariance == 0


@pytest.mark.filterwarnings("error")
def test_what_does_not_vary_where_the_weight_is_is_left_out() -> None:
    """The many whom no weight falls on cannot tell how much a covariate matters."""
    others = np.vstack([[0.3] * 10 + [5.0] * 50, np.linspace(0, 1, 60)])
    weight = np.array([0.1] * 10 + [1e-300] * 50)
    found = weighted_regression(
        np.zeros((2, 20)), np.ones(20), others, np.ones(60), weight
    )
    assert found.covariates.shape == (1, 60)
    assert np.isfinite(found.effect(np.arange(20.0), np.arange(60.0)).variance)
