"""The settings of the push method, as the seed `push_parameters` gives them."""

from dataclasses import dataclass, fields

from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.tables import read

PARAMETERS = """
    select
        post_hours, baseline_hours, long_hours, placebo_weeks,
        min_placebo_weeks, alpha, power, target_lift, false_discovery_rate,
        min_recipients, min_post_active,
        min_matched_share, full_matched_share, min_ess_share,
        max_smd, held_back_alpha, max_held_back_share, max_overlapping_share,
        min_holdout_users, srm_alpha, min_controls_ess, cap_active_share,
        balance_ridge, max_newton_steps, cap_quantile, iqr_factor, max_z,
        max_modified_z, max_baseline_cv, max_trend_pct_per_week,
        min_recent_ratio, max_recent_ratio
    from {table}
"""


@dataclass(frozen=True)
class PushParameters:
    """The part of the one-row seed that statistics and reports need."""

    post_hours: int
    baseline_hours: int
    long_hours: int
    placebo_weeks: int
    min_placebo_weeks: int
    alpha: float
    power: float
    target_lift: float
    false_discovery_rate: float
    min_recipients: int
    min_post_active: int
    min_matched_share: float
    full_matched_share: float
    min_ess_share: float
    max_smd: float
    held_back_alpha: float
    max_held_back_share: float
    max_overlapping_share: float
    min_holdout_users: int
    srm_alpha: float
    min_controls_ess: int
    cap_active_share: float
    balance_ridge: float
    max_newton_steps: int
    cap_quantile: float
    iqr_factor: float
    max_z: float
    max_modified_z: float
    max_baseline_cv: float
    max_trend_pct_per_week: float
    min_recent_ratio: float
    max_recent_ratio: float


def read_parameters(
    connection: Connection, table: str = "seeds.push_parameters"
) -> PushParameters:
    """Read the parameters from the warehouse.

    Args:
        connection: An open warehouse.
        table: The seed, or what is published of it.

    Raises:
        UserError: the seed does not hold exactly one complete row.
    """
    rows = read(connection, PARAMETERS.format(table=table)).to_pylist()
    if len(rows) != 1 or None in rows[0].values():
        raise UserError(
            f"seeds.push_parameters has {len(rows)} rows or an empty value: it needs "
            "one complete row; mend seeds/push_parameters.csv, then run `dbt seed`"
        )
    row = rows[0]
    return PushParameters(
        **{field.name: field.type(row[field.name]) for field in fields(PushParameters)}
    )
