"""What was told of metrics stays, though samples are pruned or come late."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, query
from tests.helpers.dbt import run_dbt
from warehouse.connection import connect

# A gigabyte a day, give or take one percent, and of one day thrice as much.
DAYS = """
    create schema if not exists staging;
    create table staging.stg_loader__loads (
        source_name text, known_until_at timestamptz, started_at timestamptz,
        finished_at timestamptz
    );
    create schema if not exists core;
    create table core.fct_metric_samples as
    select
        cast(day as varchar) as sample_id, 's' as series_id,
        'command.peak_memory' as metric, '{}' as tags, 'night-1' as run_id,
        case day when 40 then 3e9 else 1e9 + 1e7 * (day % 2) end as value,
        cast(1 as bigint) as sample_count, cast(null as double) as quantile,
        timestamptz '2026-01-01 03:00:00+00' + cast(day as int) * interval '24 hours'
        as observed_at
    from range(50) as days (day);
"""
CHANGED = """
    update core.fct_metric_samples set value = 1.02e9
    where observed_at = '2026-02-19 03:00:00+00'
"""
CHANGED_ROLLUP = """
    select p50 from intermediate.int_metric_rollups
    where period = 'day' and bucket_starts_at = '2026-02-19 00:00:00+00'
"""
PRUNE = "delete from core.fct_metric_samples where observed_at < '2026-02-15'"
ANOTHER = """
    insert into core.fct_metric_samples
    select
        '{hour}', 's', 'command.peak_memory', '{{}}', 'night-1', {value}, 1, null,
        timestamptz '2026-02-20 00:00:00+00' + {hour} * interval '1 hour'
"""
ROLLUPS = (
    "select * from intermediate.int_metric_rollups order by period, bucket_starts_at"
)
ALERTS = """
    select
        alert_id, alert_severity, times_seen, strftime(opened_at, '%m-%d'), resolved_at
    from aggregates.agg_alerts order by opened_at
"""
SEEDS = ("metric_catalog", "telemetry_thresholds", "incident_windows")
MODELS = ("fct_metric_samples+", "stg_production__node_runs")


@pytest.mark.slow
def test_rollups_and_alerts_outlive_their_samples(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    (tmp_path / "profiles.yml").symlink_to(REPOSITORY / "profiles.example.yml")

    def dbt(*arguments: str) -> None:
        environment = {"WAREHOUSE_URL": url, "TELEMETRY": "off"}
        run = run_dbt(*arguments, folder=tmp_path, environment=environment)
        assert run.returncode == 0, run.stdout

    def execute(statement: str) -> None:
        with connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            connection.commit()

    def build() -> tuple[list[tuple], list[tuple]]:
        dbt("run", "--select", *MODELS, "--exclude", "fct_metric_samples")
        return query(url, ROLLUPS), query(url, ALERTS)

    dbt("seed", "--select", *SEEDS)
    execute(DAYS)
    rollups, [spike] = build()
    assert spike[1:4] == ("critical", 1, "02-10")
    assert spike[4] is not None, "the day after was well"

    execute(PRUNE)
    execute(ANOTHER.format(hour=3, value=4e9))
    kept, [former, latest] = build()
    weeks = {row for row in rollups if row[0] == "week"} - set(kept)
    assert set(rollups) - set(kept) <= weeks, "a week got one more sample"
    assert former == spike
    assert latest[1:] == ("critical", 1, "02-20", None)

    execute(CHANGED)  # a stage of a night that went on took another time
    execute(ANOTHER.format(hour=4, value=1e9))
    _, [former, mended] = build()
    assert former == spike
    assert mended[:4] == latest[:4]
    assert mended[4] is not None, "what came late shows that all was well"
    assert query(url, CHANGED_ROLLUP) == [(1.02e9,)]
