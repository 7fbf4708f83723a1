"""`python -m steps.lift` on warehouses of both engines."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from steps.lift.adjusted.adjusted_lift import adjusted_lift, choose_designs
from steps.lift.compute import RESULTS
from steps.lift.observed.campaign_lift import campaign_lift
from steps.lift.pooled.pooled_lift import shrunken_lift
from tests.conftest import ENGINES
from tests.steps.lift.counts import PARAMETERS, count_tables, recipients
from tests.steps.lift.people import cells, random_people, sent_to
from tests.steps.warehouses import read_rows, run_step, write_counts
from warehouse.connection import connect

ADJUSTED = "select * from lift.adjusted_lift order by campaign_key, metric"
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
        "lift: 2 rows, 0 with a significant adjusted lift at a false discovery rate of "
        f"5%, run {drug['run_id']}\n"
    )
    assert drug["observed_t"] == pytest.approx(-4.0621, abs=5e-5)
    assert drug["observed_df"] == 9
    assert drug["observed_p"] == pytest.approx(0.002833, abs=5e-7)
    assert drug["observed_lift"] == -1.58
    assert (nobody["recipients"], nobody["observed_t"]) == (0, None)

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
    assert step.stdout.startswith("lift: 0 rows, 0 with a significant adjusted lift")
    for name in RESULTS:
        assert read_rows(warehouse, f"select * from lift.{name}") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_every_campaign_and_metric_has_its_own_design(
    engine: str, new_warehouse: Callable, tmp_path: Path
) -> None:
    """More cells than a warehouse sends at once, in no order."""
    random = np.random.default_rng(9)
    arms = {"recipient": 80, "overlapping": 20, "reachable": 1500, "unreachable": 1500}
    worlds = {
        (campaign, metric): random_people(random, arms)
        for campaign in ("first", "second")
        for metric in ("closet_adds", "sessions")
    }
    worlds["lonely", "sessions"] = random_people(random, {"recipient": 40})
    counts = {key: sent_to(people) for key, people in worlds.items()}
    tables = [cells(people, *key) for key, people in worlds.items()]
    mixed = pa.concat_tables(tables)
    assert mixed.num_rows > 10_000
    warehouse = new_warehouse(engine)
    mixed = mixed.take(random.permutation(mixed.num_rows))
    write_counts(warehouse, counts, matched=[mixed])

    step = run_step("steps.lift", warehouse, tmp_path)
    assert (step.returncode, step.stderr) == (0, "")
    sums, histogram, campaigns = count_tables(counts)
    digests = pa.array(["input"] * campaigns.num_rows)
    campaigns = campaigns.drop_columns(["input_digest"])
    campaigns = campaigns.append_column("input_digest", digests)
    observed = campaign_lift(sums, histogram, campaigns, PARAMETERS)
    designs = choose_designs(tables, campaigns, PARAMETERS)
    expected = adjusted_lift(observed, designs, campaigns, PARAMETERS)
    written = read_rows(warehouse, ADJUSTED)
    assert [
        {name: row[name] for name in expected.column_names} for row in written
    ] == expected.to_pylist()
    shrunken = {
        (row["campaign_key"], row["metric"]): row["shrunken_lift"]
        for row in shrunken_lift(expected, PARAMETERS).to_pylist()
    }
    assert shrunken
    for row in written:
        key = row["campaign_key"], row["metric"]
        assert row["shrunken_lift"] == shrunken.get(key)
    assert set(expected["design_tier"].to_pylist()) > {"T3"}
    placebos = read_rows(warehouse, "select * from lift.placebo_lift")
    assert len(placebos) == designs.placebo_lift.num_rows
    balance = read_rows(warehouse, "select * from lift.covariate_balance")
    assert len(balance) == designs.covariate_balance.num_rows == 8 * 4
    series = read_rows(warehouse, "select * from lift.series_lift order by metric")
    assert [(row["metric"], row["sends"], row["compared_sends"]) for row in series] == [
        ("closet_adds", 2, 2),
        ("sessions", 3, 2),
    ]


def test_a_warehouse_that_was_not_built(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    connect(warehouse).close()
    step = run_step("steps.lift", warehouse, tmp_path)
    assert (step.returncode, step.stdout) == (1, "")
    assert len(step.stderr.splitlines()) == 1
    assert "seeds.push_parameters" in step.stderr
    assert "run `dbt build` first" in step.stderr


@pytest.mark.parametrize("module", ["steps.lift", "steps.publish", "steps.report"])
def test_a_mistyped_warehouse_is_told_and_not_made(module: str, tmp_path: Path) -> None:
    step = run_step(module, "duckdb:///data/warehose.duckdb", tmp_path)
    assert (step.returncode, step.stdout, step.stderr) == (
        1,
        "",
        "error: WAREHOUSE_URL: there is no file data/warehose.duckdb: run `make load` "
        "first, or mend its path\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_leaves_the_last_result(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    warehouse = new_warehouse("duckdb")
    write_counts(warehouse, {("a", "sessions"): [(0, 5, 1)]})
    step = run_step("steps.lift", warehouse, tmp_path)
    assert step.returncode == 1
    assert "impossible value in baseline_hours" in step.stderr
    assert [row["campaign_key"] for row in read_rows(warehouse, RESULT)] == ["gone"]


def test_a_result_that_does_not_fit_leaves_all_of_the_last_run(
    new_warehouse: Callable, tmp_path: Path
) -> None:
    """The tables of an older version: one line, and no table without the others."""
    warehouse = new_warehouse("duckdb")
    write_counts(warehouse, {("a", "sessions"): [(720, 5, 1)]})
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute("alter table lift.adjusted_lift drop column is_contaminated")
        connection.commit()
    step = run_step("steps.lift", warehouse, tmp_path)
    assert step.returncode == 1
    assert len(step.stderr.splitlines()) == 1
    assert "lift.adjusted_lift does not take its rows: is_contaminated" in step.stderr
    assert [row["campaign_key"] for row in read_rows(warehouse, RESULT)] == ["gone"]
