"""Warehouses built for a moment of the past, without the push marts."""

import math
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.warehouse.conftest import Warehouse

PRODUCT_MARTS = (
    ("--select", "path:models/core", "path:models/aggregates", "path:snapshots"),
    ("--exclude", "agg_push_*", "int_push_*", "agg_data_quality", "int_quality_*"),
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


def variables(moment: datetime | None) -> tuple[str, ...]:
    """Return the arguments of dbt that make a moment the present."""
    return ("--vars", f"{{as_of: '{moment.isoformat()}'}}") if moment else ()


def same(one: object, other: object) -> bool:
    """Compare values; doubles that were added up in another order differ a little."""
    if isinstance(one, float) or isinstance(other, float):
        return (
            one is not None
            and other is not None
            and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        )
    return one == other
