"""What the step's statistics say of the cells of one world, beside the truth."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from calibration.tally import Estimate
from calibration.truth import Truth
from calibration.world import MEASURED
from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.parameters import PushParameters

Row = dict[str, Any]


def adjusted_rows(
    cells: Sequence[pa.Table], held_out_share: float | None, parameters: PushParameters
) -> dict[str, Row]:
    """Return the rows of lift.adjusted_lift by metric, as the step computes them.

    Args:
        cells: Rows of `int_push_matched_cells`: a table per metric.
        held_out_share: Share of the audience to be held out; None if none was.
        parameters: The settings of the method.
    """
    metrics = [table["metric"][0].as_py() for table in cells]
    campaigns = pa.table(
        {
            "campaign_key": [MEASURED],
            "input_digest": [""],
            "planned_share": pa.array([held_out_share], pa.float64()),
        }
    )
    # what is too little for the observed lift is too little for this one as well
    observed = pa.table(
        {
            "campaign_key": pa.repeat(MEASURED, len(metrics)),
            "metric": metrics,
            "observed_status": pa.repeat("ok", len(metrics)),
        }
    )
    designs = choose_designs(cells, campaigns, parameters)
    rows = adjusted_lift(observed, designs, campaigns, parameters).to_pylist()
    return {row["metric"]: row for row in rows}


def experiment_rows(
    cells: Sequence[pa.Table], held_out_share: float, parameters: PushParameters
) -> dict[str, Row]:
    """Return the same of the experiment, however few were held out; none without."""
    few_allowed = replace(parameters, min_holdout_users=1)
    rows = adjusted_rows(cells, held_out_share, few_allowed)
    return {name: row for name, row in rows.items() if row["design_tier"] == "T1"}


def estimate(
    row: Row, kind: str, truth: Callable[[int | None], Truth]
) -> Estimate | None:
    """Return the estimate of a row beside the truth; None if it was not tested.

    Args:
        row: A row of lift.adjusted_lift.
        kind: `adjusted` for the headline, `full` for the lift without a cap.
        truth: Returns the truth under a cap, None for none.
    """
    if row[f"{kind}_p"] is None:
        return None
    # a column with nulls comes as floats
    cap = int(row["adjusted_cap"]) if kind == "adjusted" else None
    true = truth(cap)
    return Estimate(
        p=row[f"{kind}_p"],
        lift=row[f"{kind}_lift"],
        low=row[f"{kind}_low"],
        high=row[f"{kind}_high"],
        true_level=true.level,
        true_lift=true.lift,
    )
