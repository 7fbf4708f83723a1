"""Statistics of lift: tests, intervals, power and pooling, on NumPy arrays.

Tests take and return arrays with one element per comparison, so that thousands of
campaigns are computed at once; balancing weights and the regression on them take the
people of one comparison. NaN is what is not defined. Nothing here
knows of a warehouse: it needs NumPy and SciPy only.

Example: five users did one event a day more after a message than before it.

>>> import numpy as np
>>> difference = np.array([1.0, 2.0, 0.0, 1.0, 1.0])
>>> result = mean_test(
...     mean=np.array([difference.mean()]),
...     sd=np.array([difference.std(ddof=1)]),
...     n=np.array([5]),
...     has_test=np.array([True]),
...     alpha=0.05,
... )
>>> {name: round(float(values[0]), 4) for name, values in result.items()}
{'t': 3.1623, 'p': 0.0341, 'low': 0.122, 'high': 1.878}
"""

from lift_statistics.balancing import BalancingWeights, balancing_weights
from lift_statistics.cap import cap_level
from lift_statistics.correlation import correlation_test
from lift_statistics.effect_size import d_z_interval, hedges_correction
from lift_statistics.moments import HOURS_PER_DAY, PairedMoments, paired_moments
from lift_statistics.multiplicity import q_values
from lift_statistics.power import (
    minimum_detectable_effect,
    pairs_required,
    t_test_power,
)
from lift_statistics.random_effects import (
    RandomEffects,
    prediction_interval,
    random_effects,
    shrunken_estimates,
)
from lift_statistics.size_weighted_mean import size_weighted_mean
from lift_statistics.t_test import (
    fieller_interval,
    log10_p_values,
    mean_interval,
    mean_test,
    p_values,
)
from lift_statistics.trend import newey_west_slope
from lift_statistics.weighted_groups import (
    WeightedMoments,
    weighted_moments,
    weighted_quantiles,
)
from lift_statistics.weighted_regression import (
    Effect,
    WeightedRegression,
    weighted_regression,
)

__all__ = [
    "HOURS_PER_DAY",
    "BalancingWeights",
    "Effect",
    "PairedMoments",
    "RandomEffects",
    "WeightedMoments",
    "WeightedRegression",
    "balancing_weights",
    "cap_level",
    "correlation_test",
    "d_z_interval",
    "fieller_interval",
    "hedges_correction",
    "log10_p_values",
    "mean_interval",
    "mean_test",
    "minimum_detectable_effect",
    "newey_west_slope",
    "p_values",
    "paired_moments",
    "pairs_required",
    "prediction_interval",
    "q_values",
    "random_effects",
    "shrunken_estimates",
    "size_weighted_mean",
    "t_test_power",
    "weighted_moments",
    "weighted_quantiles",
    "weighted_regression",
]
