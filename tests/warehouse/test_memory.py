"""WAREHOUSE_MEMORY limits what DuckDB takes of the machine."""

import os
from pathlib import Path

import pytest

from tests.conftest import query
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.memory import memory_limit
from warehouse.settings import ENV_FILE
from warehouse.tables import read

LIMIT = "select current_setting('memory_limit')"


def test_an_amount_is_the_limit_of_each_connection(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ENV_FILE.write_text("WAREHOUSE_MEMORY=512MiB\n")
    assert query("duckdb:///warehouse.duckdb", LIMIT) == [("512.0 MiB",)]
    monkeypatch.setenv("WAREHOUSE_MEMORY", "1.5 gib")
    assert query("duckdb:///warehouse.duckdb", LIMIT) == [("1.5 GiB",)]


def test_by_default_others_keep_a_part_of_the_machine(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAREHOUSE_MEMORY", raising=False)
    amount, unit = query("duckdb:///warehouse.duckdb", LIMIT)[0][0].split()
    limit = float(amount) * {"GiB": 2**30, "MiB": 2**20}[unit]
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < limit <= 0.61 * machine


@pytest.mark.parametrize("given", ["4", "60%", "much", "0GB", "-1GB"])
def test_what_is_no_amount_is_refused(
    given: str, working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_MEMORY", given)
    with pytest.raises(UserError, match="use an amount with its unit, such as 4GB"):
        memory_limit()


def test_a_limit_that_does_not_suffice_is_named(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_MEMORY", "16MB")
    squares = "select list(range * range) as squares from range(20000000)"
    with (
        connect("duckdb:///warehouse.duckdb") as connection,
        pytest.raises(UserError) as told,
    ):
        read(connection, squares)
    assert "raise WAREHOUSE_MEMORY" in str(told.value)
