"""Warehouses with training data: as told, with another future, of an earlier day."""

from collections.abc import Callable

import pandas as pd
import pytest

from tests.integration.conftest import Warehouse
from tests.integration.training.datasets import read
from tests.integration.training.later import (
    LOADED_ALL_THE_TIME,
    be_known_until,
    happen_from,
)

# a month end, at which rows of every dataset are known, and a day when all are due
INSTANT = pd.Timestamp("2026-10-01", tz="UTC")
AS_OF = "2026-12-01"
KNOWN = be_known_until(f"{AS_OF} 00:00:00+00")


def build(warehouse: Warehouse, as_of: str = AS_OF) -> Warehouse:
    """Build the training data and all they are made of."""
    warehouse.run(
        *("dbt", "build", "--quiet", "--select", "+path:models/ai"),
        *("--resource-type", "model", "--resource-type", "snapshot"),
        *("--vars", f"as_of: '{as_of}'"),
    )
    return warehouse


@pytest.fixture(scope="session")
def copy_of(
    new_database: Callable, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Warehouse]:
    """Give a function that copies a warehouse and changes what is in it."""

    def copy(warehouse: Warehouse, sql: str = "") -> Warehouse:
        copied = warehouse.copy(tmp_path_factory.mktemp("training"), new_database)
        copied.execute(*filter(str.strip, sql.split(";\n")))
        return copied

    return copy


@pytest.fixture(scope="session")
def told(warehouses: dict[str, Warehouse], copy_of: Callable) -> Warehouse:
    """The demo world as if it had been loaded all the time."""
    return build(copy_of(warehouses["duckdb"], LOADED_ALL_THE_TIME + KNOWN))


@pytest.fixture(scope="session")
def later(told: Warehouse, copy_of: Callable) -> Warehouse:
    """The same world with another future from INSTANT on."""
    return build(copy_of(told, happen_from(str(INSTANT)) + KNOWN))


@pytest.fixture(scope="session")
def end_of_horizon(told: Warehouse) -> pd.Timestamp:
    """The very instant at which somebody's 30 days of activation were over.

    By then those of the first month end with a tracked app are over too.
    """
    ends = read(told, "ai_activation").as_of_at + pd.Timedelta(days=30)
    return ends[ends < "2026-10-05"].max()


@pytest.fixture(scope="session")
def earlier(
    told: Warehouse, end_of_horizon: pd.Timestamp, copy_of: Callable
) -> Warehouse:
    """The same world as it was known at that instant."""
    known = be_known_until(str(end_of_horizon))
    return build(copy_of(told, known), str(end_of_horizon.tz_localize(None)))
