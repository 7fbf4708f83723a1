"""The cells of users to compare, one campaign and metric in memory at a time."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from steps.lift.observed.moments import KEYS, group_starts
from warehouse.tables import stream

MATCHED_CELLS = """
    select
        campaign_key, input_digest, metric, arm, weeks_before, support_cell,
        post_count, first_day_count, baseline_rate, week_count, day_count, long_rate,
        user_count, recency_sum, recency_squares, activity_week_sum, later_push_count,
        diluted_seconds
    from intermediate.int_push_matched_cells
    order by campaign_key, metric
"""


def matched_cells(connection: Connection) -> Iterator[pa.Table]:
    """Yield the cells of each campaign and metric.

    Raises:
        UserError: the query does not run.
    """
    held: list[pa.RecordBatch] = []
    for part in _parts(stream(connection, MATCHED_CELLS)):
        if held and _key(part) != _key(held[0]):
            yield pa.Table.from_batches(held)
            held = []
        held.append(part)
    if held:
        yield pa.Table.from_batches(held)


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut batches where the campaign or metric changes."""
    for batch in batches:
        starts = group_starts(pa.Table.from_batches([batch]), KEYS).tolist()
        for start, stop in pairwise([*starts, batch.num_rows]):
            yield batch.slice(start, stop - start)


def _key(batch: pa.RecordBatch) -> tuple[str, ...]:
    return tuple(batch[name][0].as_py() for name in KEYS)
