"""The recipients whom an outlier rule flags, by name."""

import numpy as np
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from steps.lift.robustness.outliers import Outliers
from warehouse.tables import read

FLAGGED_CELLS = "flagged_cells"
# the warehouse joins, so that only who is flagged leaves it; a missing window means
# two zeros, which some rules flag too
FLAGGED_USERS = """
    select
        windows.campaign_key, windows.user_key, windows.metric, cells.lift,
        cells.is_iqr_outlier, cells.is_z_outlier, cells.is_modified_z_outlier
    from flagged_cells as cells
    inner join core.fct_push_windows as windows
        on
            cells.campaign_key = windows.campaign_key
            and cells.metric = windows.metric
            and cells.baseline_hours = windows.baseline_hours
            and cells.baseline_count = windows.baseline_count
            and cells.post_count = windows.post_count
    where windows.is_included

    union all

    select
        recipients.campaign_key, recipients.user_key, cells.metric, cells.lift,
        cells.is_iqr_outlier, cells.is_z_outlier, cells.is_modified_z_outlier
    from flagged_cells as cells
    inner join core.fct_push_recipients as recipients
        on
            cells.campaign_key = recipients.campaign_key
            and cells.baseline_hours = recipients.baseline_hours
    left join core.fct_push_windows as windows
        on
            recipients.campaign_key = windows.campaign_key
            and recipients.user_key = windows.user_key
            and cells.metric = windows.metric
    where
        recipients.is_included
        and cells.baseline_count = 0
        and cells.post_count = 0
        and windows.user_key is null
"""


def read_user_outliers(connection: Connection, outliers: Outliers) -> pa.Table:
    """Return the rows of `lift.user_outliers`: the flagged pairs only.

    Args:
        connection: An open warehouse, in which a temporary table is left until the
            connection closes.
        outliers: The outliers that `find_outliers` found in its histogram.

    Raises:
        UserError: the query does not run.
    """
    with connection.cursor() as cursor:
        cursor.adbc_ingest(
            FLAGGED_CELLS, _flagged_cells(outliers), mode="replace", temporary=True
        )
    return read(connection, FLAGGED_USERS)


def _flagged_cells(outliers: Outliers) -> pa.Table:
    cells = outliers.cells
    table = cells.counts.append_column("lift", pa.array(cells.lift))
    flags = {name: rule.is_outlier for name, rule in outliers.rules.items()}
    for name, is_outlier in flags.items():
        table = table.append_column(f"is_{name}_outlier", pa.array(is_outlier))
    return table.filter(pa.array(np.logical_or.reduce(list(flags.values()))))
