"""Warehouses built for a moment of the past, without the push marts."""

import math
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.warehouse.conftest import Warehouse

# The push marts take long and have tests of their own.
NO_PUSH_MARTS = (
    "agg_push_*",
    "int_push_*",
    "agg_data_quality",
    "int_quality_*",
    "source:lift+",
    "ai_push_response",
)


def copy_of(original: Warehouse, folder: Path, new_database: Callable) -> Warehouse:
    """Return a warehouse of one's own, equal to a shared one."""
    shutil.copy(original.folder / "profiles.yml", folder)
    if original.url.startswith("duckdb"):
        shutil.copy(original.folder / "warehouse.duckdb", folder)
        url = f"duckdb:///{folder}/warehouse.duckdb"
    else:
        name = original.url.partition("?")[0].rpartition("/")[2]
        url = new_database(template=name)
    return Warehouse(url, folder, original.environment)


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
