"""Random effects against published meta-analyses and a plain implementation."""

import numpy as np
import pytest
from scipy import stats

from lift_statistics import prediction_interval, random_effects, size_weighted_mean

# Colditz et al. 1994, as dat.bcg of R's metafor: tuberculosis cases and others, with
# and without BCG vaccination
BCG_TRIALS = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
# Raudenbush & Bryk 1985, as dat.raudenbush1985 of R's metafor: effect of teachers'
# expectations on pupils' IQ, and its variance
TEACHER_STUDIES = [
    *((0.03, 0.0156), (0.12, 0.0216), (-0.14, 0.0279), (1.18, 0.1391)),
    *((0.26, 0.1362), (-0.06, 0.0106), (-0.02, 0.0106), (-0.32, 0.0484)),
    *((0.27, 0.0269), (0.80, 0.0630), (0.54, 0.0912), (0.18, 0.0497)),
    *((-0.02, 0.0835), (0.23, 0.0841), (-0.18, 0.0253), (-0.06, 0.0279)),
    *((0.30, 0.0193), (0.07, 0.0088), (-0.07, 0.0303)),
]


def one_group(estimates: np.ndarray, variances: np.ndarray) -> dict[str, float]:
    effects = random_effects(
        np.asarray(estimates, dtype=float),
        np.asarray(variances, dtype=float),
        np.zeros(len(estimates), dtype=int),
    )
    return {name: values[0] for name, values in vars(effects).items()}


def plain(estimates: list[float], variances: list[float]) -> dict[str, float]:
    """DerSimonian & Laird 1986; Hartung & Knapp 2001, never below the former."""
    k = len(estimates)
    pairs = list(zip(estimates, variances, strict=True))
    weights = [1 / v for v in variances]
    fixed = sum(y / v for y, v in pairs) / sum(weights)
    q = sum((y - fixed) ** 2 / v for y, v in pairs)
    c = sum(weights) - sum(w**2 for w in weights) / sum(weights)
    between = max(0, (q - (k - 1)) / c)
    weights = [1 / (v + between) for v in variances]
    mean = sum(w * y for w, y in zip(weights, estimates, strict=True)) / sum(weights)
    spread = sum(
        w * (y - mean) ** 2 for w, y in zip(weights, estimates, strict=True)
    ) / (k - 1)
    return {
        "count": k,
        "mean": mean,
        "standard_error": sum(weights) ** -0.5,
        "robust_error": (max(1, spread) / sum(weights)) ** 0.5,
        "between_variance": between,
        "i_squared": max(0, (q - (k - 1)) / q),
    }


def test_bcg_vaccine() -> None:
    """Metafor's own tests against Stata's metan: log risk ratios, DerSimonian-Laird.

    Estimate -0.7141 (-1.0644 to -0.3638), tau^2 0.3088, I^2 92.1173 %.
    """
    a, b, c, d = np.array(BCG_TRIALS, dtype=float).T
    effects = one_group(
        np.log(a / (a + b) / (c / (c + d))),
        1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
    )
    margin = 1.959964 * effects["standard_error"]
    assert effects["count"] == 13
    assert effects["mean"] == pytest.approx(-0.7141, abs=5e-5)
    assert effects["mean"] - margin == pytest.approx(-1.0644, abs=5e-5)
    assert effects["mean"] + margin == pytest.approx(-0.3638, abs=5e-5)
    assert effects["between_variance"] == pytest.approx(0.3088, abs=5e-5)
    assert effects["i_squared"] == pytest.approx(0.921173, abs=5e-7)


def test_raudenbush_2009() -> None:
    """Raudenbush 2009, table 16.3, with the digits of metafor's own tests.

    DerSimonian-Laird: tau^2 0.0259, mean 0.0893, standard error 0.0558; with Knapp
    and Hartung's method 0.0636, which is t = 1.405 and -0.0442 to 0.2229.
    """
    effects = one_group(*np.array(TEACHER_STUDIES).T)
    assert effects["between_variance"] == pytest.approx(0.0259, abs=5e-5)
    assert effects["mean"] == pytest.approx(0.0893, abs=5e-5)
    assert effects["standard_error"] == pytest.approx(0.056, abs=5e-4)
    assert effects["robust_error"] == pytest.approx(0.0636, abs=5e-5)
    assert effects["mean"] / effects["robust_error"] == pytest.approx(1.405, abs=5e-4)


@pytest.mark.parametrize("between", [0, 0.3])
def test_equals_a_plain_implementation_group_by_group(between: float) -> None:
    random = np.random.default_rng(4)
    group = np.repeat(np.arange(20), random.integers(2, 9, 20))
    variances = random.uniform(0.01, 0.5, len(group))
    estimates = random.normal(0.2, np.sqrt(variances + between))
    order = random.permutation(len(group))
    effects = random_effects(estimates[order], variances[order], group[order])
    for number in range(20):
        is_in = group == number
        expected = plain(estimates[is_in].tolist(), variances[is_in].tolist())
        found = {name: values[number] for name, values in vars(effects).items()}
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_two_that_agree_by_chance_are_not_certain() -> None:
    """Plain Hartung-Knapp would give them an error of nearly 0."""
    effects = one_group([0.5, 0.5001], [0.04, 0.04])
    assert effects["robust_error"] == pytest.approx(np.sqrt(0.02))
    assert effects["between_variance"] == effects["i_squared"] == 0


def test_a_single_estimate_has_no_error() -> None:
    effects = one_group([0.5], [0.04])
    assert (effects["count"], effects["mean"]) == (1, 0.5)
    assert np.isnan(
        [effects[name] for name in ("robust_error", "between_variance", "i_squared")]
    ).all()


def test_prediction_interval_is_the_formula_of_higgins_and_others() -> None:
    effects = one_group(*np.array(TEACHER_STUDIES).T)
    mean, error, between, count = (
        effects[name]
        for name in ("mean", "standard_error", "between_variance", "count")
    )
    interval = stats.t.interval(0.95, 17, mean, np.sqrt(between + error**2))
    found = prediction_interval(mean, error, between, count, 0.05)
    assert found == pytest.approx(interval)
    assert np.isnan(prediction_interval(mean, error, between, 2, 0.05)).all()


def test_mean_by_size_by_hand() -> None:
    """Sizes 1, 1 and 2; the first two share users, so their errors add up whole."""
    estimate, error = np.array([1.0, 2.0, 3.0]), np.array([0.3, 0.4, 0.6])
    size = np.array([100, 100, 200])
    mean, together = size_weighted_mean(estimate, error, size, np.array([0, 0, 1]))
    assert mean == pytest.approx((1 + 2 + 2 * 3) / 4)
    assert together == pytest.approx(np.sqrt((0.3 + 0.4) ** 2 + (2 * 0.6) ** 2) / 4)
    _, apart = size_weighted_mean(estimate, error, size, np.arange(3))
    assert apart == pytest.approx(np.sqrt(0.3**2 + 0.4**2 + 1.2**2) / 4)
