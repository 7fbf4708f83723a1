"""What campaigns have in common: pooled lifts, and lifts drawn towards their mean.

Campaigns share users and days, so they are not as independent as these methods take
them to be; the spread between them, which the intervals allow for, covers part of it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lift_statistics import (
    RandomEffects,
    mean_interval,
    p_values,
    random_effects,
    shrunken_estimates,
)
from steps.lift.columns import table_of
from steps.lift.observed.moments import KEYS, group_starts
from steps.lift.pooled.estimates import adjusted_estimates, observed_estimates
from steps.parameters import PushParameters


def pooled_lift(
    lift: pa.Table, adjusted: pa.Table, layers: pa.Table, parameters: PushParameters
) -> pa.Table:
    """Pool the lifts of all campaigns, and of each layer, by random effects.

    Args:
        lift: `lift.campaign_lift`.
        adjusted: `lift.adjusted_lift`.
        layers: `campaign_key` and `layer_id`, one row per campaign; a campaign of no
            known layer counts among all campaigns only.
        parameters: The settings of the method.

    Returns:
        The rows of `lift.pooled_lift`, sorted by its first four columns. A single
        campaign keeps its lift and has no error: how campaigns differ is not known.
    """
    estimates = pa.concat_tables(
        [observed_estimates(lift), adjusted_estimates(adjusted)],
        promote_options="permissive",
    )
    layered = estimates.join(
        layers.filter(pc.field("layer_id").is_valid()),
        "campaign_key",
        join_type="inner",
    )
    everywhere = estimates.append_column(
        "layer_id", pa.nulls(len(estimates), pa.int64())
    )
    return pa.concat_tables(
        [
            _pool(everywhere, ["metric", "estimate"], "all", parameters),
            _pool(layered, ["layer_id", "metric", "estimate"], "layer", parameters),
        ]
    )


def shrunken_lift(adjusted: pa.Table, parameters: PushParameters) -> pa.Table:
    """Draw each campaign's lift towards the mean of its metric, for fair rankings.

    Args:
        adjusted: `lift.adjusted_lift`.
        parameters: The settings of the method.

    Returns:
        One row per lift, sorted by metric and campaign; null numbers for a metric of
        a single campaign.
    """
    estimates, starts = _grouped(adjusted_estimates(adjusted), ["metric"])
    effects, group = _effects(estimates, starts)
    lift, variance = estimates["lift"].to_numpy(), _variance(estimates)
    shrunken, low, high = shrunken_estimates(
        lift, variance, effects, group, parameters.alpha
    )
    return table_of(
        {
            **{key: estimates[key] for key in KEYS},
            "shrunken_lift": shrunken,
            "shrunken_low": low,
            "shrunken_high": high,
        }
    )


def _pool(
    estimates: pa.Table, keys: list[str], scope: str, parameters: PushParameters
) -> pa.Table:
    estimates, starts = _grouped(estimates, keys)
    effects, _ = _effects(estimates, starts)
    recipients = np.add.reduceat(estimates["recipients"].to_numpy(), starts)
    df = effects.count - 1.0
    test_df = np.where(df > 0, df, np.nan)
    low, high = mean_interval(
        effects.mean, effects.robust_error, test_df, parameters.alpha
    )
    groups = estimates.take(starts)
    return table_of(
        {
            "scope": pa.repeat(scope, len(starts)),
            **{key: groups[key] for key in ("layer_id", "metric", "estimate")},
            "campaigns": effects.count,
            "recipients": recipients,
            "pooled_lift": effects.mean,
            "pooled_se": effects.robust_error,
            "pooled_df": df,
            "pooled_low": low,
            "pooled_high": high,
            "pooled_p": p_values(effects.mean / effects.robust_error, test_df),
            "between_sd": np.sqrt(effects.between_variance),
            "i_squared": effects.i_squared,
        }
    )


def _grouped(estimates: pa.Table, keys: list[str]) -> tuple[pa.Table, np.ndarray]:
    """Sort estimates, by campaign within the groups, and say where each group begins.

    One order of the campaigns gives one result, to the last digit.
    """
    order = [(key, "ascending") for key in [*keys, "campaign_key"]]
    estimates = estimates.sort_by(order)
    return estimates, group_starts(estimates, keys)


def _effects(
    estimates: pa.Table, starts: np.ndarray
) -> tuple[RandomEffects, np.ndarray]:
    sizes = np.diff(starts, append=len(estimates))
    group = np.repeat(np.arange(len(starts)), sizes)
    lift = estimates["lift"].to_numpy()
    return random_effects(lift, _variance(estimates), group), group


def _variance(estimates: pa.Table) -> np.ndarray:
    return estimates["standard_error"].to_numpy() ** 2
