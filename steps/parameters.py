"""The settings of the push method, as the seed `push_parameters` gives them."""

from dataclasses import dataclass, fields

from adbc_driver_manager.dbapi import Connection

from loaders.errors import UserError
from steps.tables import read

PARAMETERS = """
    select
        post_hours, baseline_hours, alpha, power, target_lift,
        false_discovery_rate, min_recipients, min_post_active
    from seeds.push_parameters
"""


@dataclass(frozen=True)
class PushParameters:
    """The part of the one-row seed that statistics and reports need."""

    post_hours: int
    baseline_hours: int
    alpha: float
    power: float
    target_lift: float
    false_discovery_rate: float
    min_recipients: int
    min_post_active: int


def read_parameters(connection: Connection) -> PushParameters:
    """Read the parameters from the warehouse.

    Raises:
        UserError: the seed does not hold exactly one complete row.
    """
    rows = read(connection, PARAMETERS).to_pylist()
    if len(rows) != 1 or None in rows[0].values():
        raise UserError(
            f"seeds.push_parameters has {len(rows)} rows or an empty value: it needs "
            "one complete row; mend seeds/push_parameters.csv, then run `dbt seed`"
        )
    row = rows[0]
    return PushParameters(
        **{field.name: field.type(row[field.name]) for field in fields(PushParameters)}
    )
