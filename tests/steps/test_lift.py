"""`python -m steps.lift` on warehouses of both engines."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.steps.counts import PARAMETERS, recipients
from tests.steps.warehouses import read_rows, run_step, write_counts

RESULT = "select * from lift.campaign_lift order by campaign_key, metric"
# Student 1908, in tenths of an hour, all two hours longer: no count is negative
FIRST_DRUG = [27, 4, 18, 8, 19, 54, 57, 28, 20, 40]
SECOND_DRUG = [39, 28, 31, 21, 19, 64, 75, 36, 66, 54]


@pytest.mark.parametrize("engine", ENGINES)
def test_students_sleep_data_through_the_step(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    sleep = recipients(SECOND_DRUG, FIRST_DRUG, hours=240)
    parameters = replace(
        PARAMETERS, post_hours=240, min_recipients=10, min_post_active=10
    )
    campaigns = {("drug", "sleep"): sleep, ("nobody", "sleep"): []}
    write_counts(warehouse, campaigns, parameters)

    step = run_step("steps.lift", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    drug, nobody = read_rows(warehouse, RESULT)
    assert step.stdout == (
        "lift.campaign_lift: 2 rows, 1 significant at a false discovery rate of 5%, "
        f"run {drug['run_id']}\n"
    )
    assert drug["t"] == pytest.approx(-4.0621, abs=5e-5)
    assert drug["df"] == 9
    assert drug["p_value"] == pytest.approx(0.002833, abs=5e-7)
    assert drug["lift_mean"] == -1.58
    assert (nobody["n"], nobody["t"]) == (0, None)

    assert run_step("steps.lift", warehouse, tmp_path).stdout == step.stdout
    assert read_rows(warehouse, RESULT) == [drug, nobody]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_warehouse_gives_no_rows(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse(engine)
    write_counts(warehouse, {})
    step = run_step("steps.lift", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    assert step.stdout.startswith("lift.campaign_lift: 0 rows, 0 significant")
    assert read_rows(warehouse, RESULT) == []


def test_a_warehouse_that_was_not_built(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    step = run_step("steps.lift", warehouse, tmp_path)
    assert (step.returncode, step.stdout) == (1, "")
    assert len(step.stderr.splitlines()) == 1
    assert "seeds.push_parameters" in step.stderr
    assert "run `dbt build` first" in step.stderr


def test_a_run_that_fails_leaves_the_last_result(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    write_counts(warehouse, {("a", "sessions"): [(0, 5, 1)]})
    step = run_step("steps.lift", warehouse, tmp_path)
    assert step.returncode == 1
    assert "impossible value in baseline_hours" in step.stderr
    assert [row["campaign_key"] for row in read_rows(warehouse, RESULT)] == ["gone"]
