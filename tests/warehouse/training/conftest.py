"""Warehouses with training data: as told, with another future, of an earlier day."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.training.datasets import read
from tests.warehouse.training.later import KEEP_ALL_PROFILES, happen_from

# a month end, at which rows of every dataset are known, and a day when all are due
INSTANT = pd.Timestamp("2026-10-01", tz="UTC")
AS_OF = "2026-12-01"


def copy_of(warehouse: Warehouse, folder: Path, sql: str = "") -> Warehouse:
    """Copy a DuckDB warehouse and change what is in it."""
    for name in ("warehouse.duckdb", "profiles.yml"):
        shutil.copy(warehouse.folder / name, folder / name)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(sql or "select 1")
    url = f"duckdb:///{folder}/warehouse.duckdb"
    return Warehouse(url, folder, warehouse.environment)


def build(warehouse: Warehouse, as_of: str = AS_OF) -> Warehouse:
    """Build the training data and all they are made of."""
    warehouse.run(
        *("dbt", "build", "--quiet", "--select", "+path:models/ai"),
        *("--resource-type", "model", "--resource-type", "snapshot"),
        *("--vars", f"as_of: '{as_of}'"),
    )
    return warehouse


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that makes an empty folder."""
    return lambda: tmp_path_factory.mktemp("training")


@pytest.fixture(scope="session")
def told(warehouses: dict[str, Warehouse], new_folder: Callable) -> Warehouse:
    """The demo world as if it had been loaded all the time."""
    return build(copy_of(warehouses["duckdb"], new_folder(), KEEP_ALL_PROFILES))


@pytest.fixture(scope="session")
def later(told: Warehouse, new_folder: Callable) -> Warehouse:
    """The same world with another future from INSTANT on."""
    return build(copy_of(told, new_folder(), happen_from(str(INSTANT))))


@pytest.fixture(scope="session")
def end_of_horizon(told: Warehouse) -> pd.Timestamp:
    """The very instant at which somebody's 30 days of activation were over."""
    ends = read(told, "ai_activation").as_of_at + pd.Timedelta(days=30)
    return ends[ends < "2026-10-01"].max()


@pytest.fixture(scope="session")
def earlier(
    told: Warehouse, end_of_horizon: pd.Timestamp, new_folder: Callable
) -> Warehouse:
    """The same world as it was known at that instant."""
    return build(copy_of(told, new_folder()), str(end_of_horizon.tz_localize(None)))
