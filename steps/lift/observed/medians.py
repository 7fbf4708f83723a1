"""The median lift per campaign and metric, exactly, from a histogram of counts."""

import numpy as np
import pyarrow as pa

from lift_statistics import weighted_quantiles
from steps.lift.observed.lift_cells import lift_cells
from steps.lift.observed.moments import Moments


def lift_medians(histogram: pa.Table, moments: Moments, post_hours: int) -> np.ndarray:
    """Return the median daily lift in the order of the moments' keys.

    Args:
        histogram: Recipients per campaign, metric, baseline length and pair of
            counts, in any order.
        moments: The moments of the same recipients.
        post_hours: Length of the window after the push.

    Raises:
        UserError: the histogram counts other recipients than the moments do.
    """
    cells = lift_cells(histogram, moments.keys, moments.n, post_hours)
    medians = weighted_quantiles(
        cells.lift, cells.recipients, cells.group, len(moments.n), [0.5]
    )
    return medians[0]
