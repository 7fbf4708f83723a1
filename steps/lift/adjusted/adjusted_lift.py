"""Adjusted lift per campaign and metric: what the push caused, as far as data can say.

Data flow: intermediate.int_push_matched_cells -> the best design of each campaign and
metric (`designs`) -> lift.adjusted_lift, lift.placebo_lift and lift.covariate_balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from steps.lift.adjusted.adjusted_columns import adjusted_columns
from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.design_rows import (
    ESTIMATES,
    Row,
    balance_rows,
    design_row,
    placebo_rows,
)
from steps.lift.adjusted.designs import Design, choose_design
from steps.lift.columns import table_of
from steps.lift.observed.moments import KEYS
from steps.parameters import PushParameters

Key = tuple[str, str]


@dataclass(frozen=True)
class Designs:
    """The designs of campaigns and metrics.

    Attributes:
        rows: The design of each campaign and metric, as `design_row` gives it.
        placebo_lift: The rows of lift.placebo_lift of the kind `reselected`.
        covariate_balance: The rows of lift.covariate_balance.
    """

    rows: dict[Key, Row]
    placebo_lift: pa.Table
    covariate_balance: pa.Table


def choose_designs(
    tables: Iterable[pa.Table], campaigns: pa.Table, parameters: PushParameters
) -> Designs:
    """Choose a design for every campaign and metric, one in memory at a time.

    Args:
        tables: Rows of `int_push_matched_cells`: a table per campaign and metric.
        campaigns: `campaign_key` and `planned_share`: the share of the audience to be
            held out, null where none was planned.
        parameters: The settings of the method.

    Raises:
        UserError: a count is missing or negative.
    """
    planned = _by_campaign(campaigns, "planned_share")
    rows: dict[Key, Row] = {}
    placebos: list[Row] = []
    balances: list[Row] = []
    for table in tables:
        campaign, metric = (table[name][0].as_py() for name in KEYS)
        planned_share = np.nan if planned[campaign] is None else planned[campaign]
        design = choose_design(cells_of(table), planned_share, parameters)
        rows[campaign, metric] = design_row(design, parameters)
        keys = dict(zip(KEYS, (campaign, metric), strict=True))
        placebos += [keys | row for row in placebo_rows(design)]
        balances += [keys | row for row in balance_rows(design)]
    return Designs(rows, pa.Table.from_pylist(placebos), pa.Table.from_pylist(balances))


def adjusted_lift(
    observed: pa.Table,
    designs: Designs,
    campaigns: pa.Table,
    parameters: PushParameters,
) -> pa.Table:
    """Test the adjusted lift of every campaign and metric and name its verdict.

    Args:
        observed: The rows of `lift.campaign_lift`.
        designs: Designs of campaigns and metrics; without one there are no controls.
        campaigns: `campaign_key` and `input_digest`, which names the cells; null
            without any.
        parameters: The settings of the method.

    Returns:
        The rows of `lift.adjusted_lift`, in the order of `observed`.
    """
    keys = [observed[name].to_pylist() for name in KEYS]
    digests = _by_campaign(campaigns, "input_digest")
    missing = design_row(Design("T3", "no_controls"), parameters)
    rows = [designs.rows.get(key, missing) for key in zip(*keys, strict=True)]
    columns = {name: np.array([row[name] for row in rows]) for name in missing}
    values = {
        **{name: observed[name] for name in KEYS},
        "input_digest": [digests[campaign] for campaign in keys[0]],
        **{name: columns[name] for name in columns if name not in ESTIMATES},
        **adjusted_columns(columns, observed["observed_status"].to_numpy(), parameters),
    }
    return table_of(values)


def _by_campaign(campaigns: pa.Table, name: str) -> dict[str, Any]:
    """Return one column of the campaigns by their key."""
    keys = campaigns["campaign_key"].to_pylist()
    return dict(zip(keys, campaigns[name].to_pylist(), strict=True))
