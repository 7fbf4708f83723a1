"""What the baselines notice, and what they cost: `python -m benchmarks.telemetry`.

Detection: invented series with one planted fault each go through the project's own
models, and beside them through two rules that others use, on the same rows:

* elementary: standard score over the 14 days up to and with the bucket, beyond 3
  (https://docs.elementary-data.com/data-tests/data-anomaly-detection, defaults)
* re_data: modified z score over the 30 days up to and with the bucket, beyond 3
  (https://docs.getre.io, reference/anomaly_detection, defaults)

What deviates within seven days of what deviated before is one alert, whichever the
rule. An alert is right if the planted fault was on between its first and last bucket.

Cost: samples of many series into rollups and baselines, beside reading them once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from benchmarks.telemetry_scores import RULES, score
from benchmarks.telemetry_series import DAYS, Series, invent_all
from warehouse.profile import write_profile

MODELS = (
    *("--select", "fct_metric_samples+,+agg_metric_deviations"),
    *("--exclude", "fct_metric_samples"),
)
SAMPLES = """
    create schema core;
    create table core.fct_metric_samples (
        sample_id text, series_id text, metric text, type text, category text,
        unit text, value double, sample_count bigint, quantile double,
        observed_at timestamptz, tags text, run_id text, feed text
    );
    create schema staging;
    create table staging.stg_loader__loads (
        source_name text, started_at timestamptz, finished_at timestamptz,
        known_until_at timestamptz
    );
"""
CATALOG = """
    delete from seeds.metric_catalog;
    insert into seeds.metric_catalog by name
    select
        kind || '.' || period as metric,
        case kind when 'count' then 'counter' else 'gauge' end as type,
        '1' as unit, 'ui' as category, 'either' as worse_when, 14 as minimal_history,
        0.2 as minimal_change, case kind when 'rate' then 0.002 else 1 end
        as minimal_value,
        case
            when kind <> 'count' then 'none' when period = 'hour' then 'hour_of_week'
            else 'weekday'
        end as seasonality,
        period as bucket, case period when 'hour' then 48 else 7 end as learn_after,
        365 as retention_days, kind = 'count' as gap_is_zero, 'series' as allowed_tags,
        kind as description
    from (values ('count'), ('duration'), ('rate')) as kinds (kind)
    cross join (values ('hour'), ('day')) as periods (period)
"""
INSERT = """
    insert into core.fct_metric_samples by name
    select
        series || '/' || bucket as sample_id, series as series_id, metric,
        'gauge' as type, 'ui' as category, '1' as unit, value, 1 as sample_count,
        timestamptz '2026-01-05 00:00:00+00' + interval '30 minutes'
        + bucket * case when metric like '%.hour' then interval '1 hour'
            else interval '24 hours' end as observed_at,
        '{"series": "' || series || '"}' as tags, 'app' as feed
    from rows where not isnan(value)
"""

SERIES = 1000
MANY = """
    insert into core.fct_metric_samples by name
    select
        'n' || number as sample_id, 's' || number % $series as series_id,
        'duration.day' as metric, 'gauge' as type, 'ui' as category, '1' as unit,
        100 + cast(hash(number) % 10000 as double) / 1000 as value,
        1 as sample_count,
        timestamptz '2026-01-05 00:00:00+00'
        + cast(number * 31536000 // $samples as int) * interval '1 second'
        as observed_at,
        '{"series": "' || number % $series || '"}' as tags, 'app' as feed
    from range($samples) as numbers (number)
"""
SCAN = """
    select count(*), sum(value), min(observed_at), max(series_id)
    from core.fct_metric_samples
"""


def dbt(folder: Path, *arguments: str) -> dict[str, float]:
    """Run dbt on the warehouse of a folder; return the seconds of every node."""
    target = folder / "target"
    subprocess.run(  # noqa: S603 - our own command
        [str(Path(sys.executable).with_name("dbt")), *arguments, "--quiet"],
        env=os.environ
        | {
            "WAREHOUSE_URL": f"duckdb:///{warehouse_in(folder)}",
            "DBT_TARGET_PATH": str(target),
        },
        check=True,
    )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    return {
        one["unique_id"].rsplit(".", 1)[-1]: one["execution_time"]
        for one in results["results"]
    }


def warehouse_in(folder: Path) -> Path:
    """Return the file of the warehouse in a folder."""
    return folder / "warehouse.duckdb"


def seed(folder: Path) -> None:
    """Make a warehouse that knows the metrics of this benchmark, and no sample."""
    seeds = ("metric_catalog", "telemetry_thresholds", "incident_windows")
    dbt(folder, "seed", "--select", *seeds)
    with duckdb.connect(warehouse_in(folder)) as connection:
        connection.execute(SAMPLES)
        connection.execute(CATALOG)


def tables(series: list[Series]) -> tuple[pa.Table, pa.Table]:
    """Return the values of all series, and the truth about each."""
    rows = [
        pa.table(
            {
                "series": [f"s{number}"] * len(one.values),
                "metric": [one.metric] * len(one.values),
                "bucket": np.arange(len(one.values)),
                "value": one.values,
            }
        )
        for number, one in enumerate(series)
    ]
    truth = {
        "series": [f"s{number}" for number in range(len(series))],
        **{
            name: [getattr(one, name) for one in series]
            for name in ("period", "kind", "fault", "starts_at", "ends_at")
        },
    }
    return pa.concat_tables(rows), pa.table(truth)


def detect(folder: Path, each: int, seed_number: int) -> list[Table]:
    """Run models and rules over invented series; return how well each did."""
    seed(folder)
    rows, truth = tables(list(invent_all(np.random.default_rng(seed_number), each)))
    with duckdb.connect(warehouse_in(folder)) as connection:
        connection.register("rows", rows)
        connection.execute(INSERT)
    dbt(folder, "run", *MODELS)
    with duckdb.connect(warehouse_in(folder)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("rows", rows)
        connection.register("truth", truth)
        connection.execute(RULES)
        return [score(connection, by, DAYS) for by in ("fault", "kind")]


def measure(folder: Path, samples: int) -> Table:
    """Run the models over many samples; return the seconds of each, and of a scan."""
    seed(folder)
    with duckdb.connect(warehouse_in(folder)) as connection:
        connection.execute(MANY, {"samples": samples, "series": SERIES})
        started = time.monotonic()
        connection.execute(SCAN).fetchall()
        scan = time.monotonic() - started
    seconds = dbt(folder, "run", *MODELS)
    again = dbt(folder, "run", *MODELS)
    table = Table(title=f"{samples:,} samples of {SERIES:,} series and a year, seconds")
    for name in ("", "first build", "next build"):
        table.add_column(name, justify="right" if name else "left")
    table.add_row("one scan of the samples", f"{scan:.1f}", "")
    for name, taken in seconds.items():
        table.add_row(name, f"{taken:.1f}", f"{again[name]:.1f}")
    total = (f"{sum(one.values()):.1f}" for one in (seconds, again))
    table.add_row("all models", *total)
    return table


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="series of each sort")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--samples", type=int, default=10_000_000)
    asked = parser.parse_args()
    console = Console(soft_wrap=True)
    write_profile()
    with TemporaryDirectory() as folder:
        for table in detect(Path(folder), asked.each, asked.seed):
            console.print(table)
    with TemporaryDirectory() as folder:
        console.print(measure(Path(folder), asked.samples))


if __name__ == "__main__":
    main()
