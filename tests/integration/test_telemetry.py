"""What a night and an app measured, in the marts of both engines."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from demo.files import TELEMETRY_TRUTH
from tests.conftest import ENGINES
from tests.dbt.project import models
from tests.helpers.instrumented_app import EXPORT_SECONDS, MEMORY, STARTS, VERSION
from tests.integration.conftest import Warehouse

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.mark.parametrize(
    ("rows_of", "total"),
    [
        ("core.fct_metric_samples where", "value * sample_count"),
        # not the days: those end with the demo's world
        ("intermediate.int_metric_rollups where period = 'day' and", "value_sum"),
    ],
)
def test_the_numbers_of_an_app_come_out(
    engine: str, rows_of: str, total: str, warehouses: dict[str, Warehouse]
) -> None:
    rows = warehouses[engine].rows(
        f"select metric, cast(sum(sample_count) as bigint) as n, sum({total}) as total "
        f"from {rows_of} tags like '%{VERSION}%' group by 1 order by 1"
    )
    exports, memory, starts = (tuple(row.values()) for row in rows)
    assert exports[:2] == ("recorder.export_seconds", 3)
    assert exports[2] == pytest.approx(sum(EXPORT_SECONDS), rel=1e-12)
    assert memory == ("recorder.memory", 1, MEMORY)
    assert starts == ("recorder.starts", 2, STARTS)


def test_planted_faults_are_found_and_nothing_else(
    engine: str, warehouses: dict[str, Warehouse], world: Path
) -> None:
    faults = json.loads((world / TELEMETRY_TRUTH).read_text())
    alerts = {
        (alert["metric"], alert["tags"]): alert
        for alert in warehouses[engine].rows(
            "select * from aggregates.agg_alerts where kind = 'deviation'"
        )
    }
    assert len(alerts) == len(faults)
    for fault in faults:
        alert = alerts[fault["metric"], json.dumps(fault["tags"], sort_keys=True)]
        assert alert["alert_severity"] == fault["severity"], fault
        begun = datetime.fromisoformat(fault["from"])
        delay = alert["opened_at"] - begun
        assert timedelta() <= delay <= timedelta(days=fault["within_days"]), fault
        # a new level is learnt, so only what began on the last day is still open
        is_open = alert["resolved_at"] is None
        assert is_open == fault["from"].startswith("2026-10-31"), fault


def test_loads_are_samples(engine: str, warehouses: dict[str, Warehouse]) -> None:
    [row] = warehouses[engine].rows(
        "select value, (select count(*) from staging.stg_neon__users) as users "
        "from core.fct_metric_samples where metric = 'load.rows_new' "
        """and tags = '{"source": "neon", "table": "users"}'"""
    )
    assert row["value"] == row["users"] > 0


def test_what_dbt_ran_is_recorded(
    engine: str, warehouses: dict[str, Warehouse]
) -> None:
    warehouse = warehouses[engine]
    runs = warehouse.rows(
        "select runs.*, users.people from production.node_runs as runs "
        "cross join (select count(*) as people from core.dim_users) as users"
    )
    nodes = {(run["node"], run["kind"]) for run in runs if run["status"] == "success"}
    assert nodes >= {(model.name, "model") for model in models()}
    kinds = {run["kind"] for run in runs}
    assert kinds == {"model", "seed", "snapshot", "test", "command"}
    commands = [run for run in runs if run["kind"] == "command"]
    assert {run["node"] for run in commands} == {"dbt.build"}
    assert len({run["run_id"] for run in commands}) == 2, "a build each"
    [users] = [run for run in runs if run["node"] == "dim_users"]
    assert users["row_count"] == users["people"]
    assert users["seconds"] > 0
    failures = [run["failure_count"] for run in runs if run["kind"] == "test"]
    assert failures
    assert None not in failures


def test_every_command_leaves_its_samples(
    engine: str, warehouses: dict[str, Warehouse]
) -> None:
    files = (warehouses[engine].folder / "logs" / "telemetry").iterdir()
    lines = [json.loads(line) for file in files for line in file.open()]
    commands = {
        one["tags"]["command"] for one in lines if one["metric"] == "command.seconds"
    }
    assert commands == {"loaders", "steps.lift", "steps.report"}
