import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from loaders.contract import read_contract
from loaders.load import create_missing
from tests.conftest import REPOSITORY, query
from tests.dbt.project import models
from tests.helpers.dbt import run_dbt
from warehouse.connection import connect

TYPE_NAMES = {
    "text": "VARCHAR",
    "numeric": "DECIMAL(38,9)",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "double precision": "DOUBLE",
}


def dbt(url: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on the warehouse of a folder, and keep what it prints."""
    folder = Path(url.removeprefix("duckdb:///")).parent
    completed = run_dbt(
        *command,
        "--quiet",
        folder=folder,
        environment=os.environ | {"WAREHOUSE_URL": url},
    )
    assert completed.returncode == 0, completed.stdout[-5000:]
    return completed


@pytest.fixture(scope="module")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a warehouse that was built from raw tables without a row."""
    folder = tmp_path_factory.mktemp("empty")
    url = f"duckdb:///{folder}/warehouse.duckdb"
    for source in read_contract()["sources"]:
        create_missing(source, url)
    (folder / "profiles.yml").symlink_to(REPOSITORY / "profiles.example.yml")
    # no test of rows fails without one, but unit tests bring their own
    dbt(url, "build", "--exclude-resource-type", "test")
    return url


def test_marts_of_nothing_are_empty(empty_warehouse: str) -> None:
    marts = query(
        empty_warehouse,
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema in "
        "('history', 'intermediate', 'core', 'aggregates', 'ai', 'lift', 'insights') "
        "and table_name not in ('int_as_of', 'int_push_response_periods', "
        "'dim_source_systems', 'int_data_coverage', 'int_telemetry_as_of')",
    )
    assert len(marts) > 10
    counts = [f"select '{mart}', count(*) from {mart}" for (mart,) in marts]
    assert set(query(empty_warehouse, " union all ".join(counts))) == {
        (mart, 0) for (mart,) in marts
    }


def test_columns_are_what_the_documentation_says(empty_warehouse: str) -> None:
    columns = query(
        empty_warehouse,
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema in "
        "('staging', 'intermediate', 'core', 'aggregates', 'ai') "
        "order by table_name, ordinal_position",
    )
    for model in models():
        documented = [
            (
                model.name,
                column["name"],
                TYPE_NAMES.get(column["data_type"], column["data_type"].upper()),
            )
            for column in model.properties["columns"]
        ]
        assert [column for column in columns if column[0] == model.name] == documented


def test_what_an_older_version_left_is_dropped_and_named(empty_warehouse: str) -> None:
    tables = "select table_schema, table_name from information_schema.tables"
    before = set(query(empty_warehouse, tables))
    with connect(empty_warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("create table aggregates.int_old as select 1 as number")
        cursor.execute("create view core.dim_old as select * from aggregates.int_old")
        cursor.execute("create table history.made_by_hand (number integer)")
        connection.commit()
    printed = dbt(empty_warehouse, "run-operation", "drop_stale_tables")
    assert printed.stdout.splitlines() == [
        "aggregates.int_old is dropped: no model makes it",
        "core.dim_old is dropped: no model makes it",
    ]
    by_hand = ("history", "made_by_hand")
    assert set(query(empty_warehouse, tables)) == {*before, by_hand}


def test_runs_that_cannot_be_recorded_stop_no_build(
    empty_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path(empty_warehouse.removeprefix("duckdb:///"))
    for name in (original.name, "profiles.yml"):
        shutil.copy(original.with_name(name), tmp_path)
    url = f"duckdb:///{tmp_path}/{original.name}"
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("alter table production.node_runs drop column failure_count")
        connection.commit()
    monkeypatch.setenv("TELEMETRY", "on")
    ended = dbt(url, "seed", "--select", "metric_catalog")
    [line] = ended.stdout.splitlines()
    assert line.startswith("what dbt ran is not recorded: ")
    # `--quiet` is silent for minutes, but for a line per layer
    assert re.search(r"^ +\d+ s  seeds +1 built\n\Z", ended.stderr, re.MULTILINE)
