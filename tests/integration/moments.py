"""Warehouses built for a moment of the past."""

import math
from datetime import datetime

# The statistics wait for a step of their own, and quality is about the loads.
NO_QUALITY = ("agg_data_quality", "int_quality_*", "source:lift+")
# The push marts take long and have tests of their own.
NO_PUSH = ("agg_push_*", "fct_push_*", "int_push_*", *NO_QUALITY)


def as_of(moment: datetime) -> tuple[str, str]:
    """Return the arguments of dbt that make a moment the present."""
    return ("--vars", f"{{as_of: '{moment.isoformat()}'}}")


def same(one: object, other: object) -> bool:
    """Compare values; doubles that were added up in another order differ a little."""
    if isinstance(one, float) or isinstance(other, float):
        return (
            one is not None
            and other is not None
            and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        )
    return one == other
