"""A whole night in Dagster, on a small demo world."""

import os
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REPOSITORY


def test_a_night(
    sources: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        **sources,
        "WAREHOUSE_URL": f"duckdb:///{tmp_path}/warehouse.duckdb",
        "PII_HASH_KEY": "a key for all tests",
        "DBT_TARGET_PATH": f"{REPOSITORY}/target",
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
    }.items():
        monkeypatch.setenv(name, value)
    from scheduling.definitions import defs  # it reads what dbt parsed

    assert defs.resolve_job_def("night").execute_in_process().success
    with duckdb.connect(tmp_path / "marts.duckdb", read_only=True) as marts:
        [(people,)] = marts.execute("select count(*) from marts.dim_users").fetchall()
    assert people > 0
    assert (tmp_path / "reports" / "pushes.html").exists()
    assert (tmp_path / "exports").is_dir()
