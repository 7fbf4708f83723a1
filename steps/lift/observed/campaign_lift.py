"""Observed lift per campaign and metric: every statistic, from integer sums.

Observed lift compares recipients with their own past. It does not say that the
push caused the difference, so nothing here is a verdict.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from steps.lift.columns import table_of
from steps.lift.observed.medians import lift_medians
from steps.lift.observed.moments import Moments, exact_moments
from steps.lift.observed.observed_columns import observed_columns
from steps.parameters import PushParameters

METHOD_VERSION = "lift-3"


def campaign_lift(
    sums: pa.Table,
    histogram: pa.Table,
    campaigns: pa.Table,
    parameters: PushParameters,
) -> pa.Table:
    """Compute the observed lift of every campaign and metric.

    Args:
        sums: `int_push_window_sums`, in any order of its rows.
        histogram: `int_push_window_histogram`, in any order of its rows.
        campaigns: `campaign_key`, `n_incomplete` and whatever else is known of each
            campaign, in any order.
        parameters: The settings of the method.

    Returns:
        The rows of `lift.campaign_lift`, sorted by campaign and metric.

    Raises:
        UserError: the counts are impossible or contradict each other.
    """
    moments = exact_moments(sums, parameters.post_hours)
    row_count = len(moments.n)
    values = {
        "campaign_key": moments.keys["campaign_key"],
        "metric": moments.keys["metric"],
        "run_id": [run_id([sums, histogram, campaigns], parameters)] * row_count,
        "method_version": [METHOD_VERSION] * row_count,
        "observed_median": lift_medians(histogram, moments, parameters.post_hours),
        **observed_columns(moments, _is_incomplete(moments, campaigns), parameters),
    }
    return table_of(values)


def _is_incomplete(moments: Moments, campaigns: pa.Table) -> np.ndarray:
    """Mark rows whose campaign has recipients with an open window after the push."""
    open_campaigns = campaigns.filter(pc.field("n_incomplete") > 0)["campaign_key"]
    return pc.is_in(
        moments.keys["campaign_key"], value_set=open_campaigns.combine_chunks()
    ).to_numpy()


def run_id(tables: Iterable[pa.Table], parameters: PushParameters) -> str:
    """Name a run after its method and input, whatever the order of the rows."""
    digest = hashlib.sha256(METHOD_VERSION.encode())
    digest.update(json.dumps(asdict(parameters), sort_keys=True).encode())
    for table in tables:
        columns = sorted(table.column_names)
        rows = table.select(columns).sort_by([(name, "ascending") for name in columns])
        text = pa.BufferOutputStream()
        csv.write_csv(rows, text)
        digest.update(text.getvalue())
    return digest.hexdigest()[:16]
