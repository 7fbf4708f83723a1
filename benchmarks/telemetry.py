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

from benchmarks.telemetry_series import DAYS, Series, invent_all
from warehouse.profile import write_profile

FIRST_JUDGED = 42  # days: everybody's baseline has warmed up
MODELS = "int_telemetry_as_of+"
SAMPLES = """
    create schema core;
    create table core.fct_metric_samples (
        sample_id text, series_id text, metric text, type text, category text,
        unit text, value double, sample_count bigint, quantile double,
        observed_at timestamptz, tags text, run_id text, feed text
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
# A gap of a count is 0 for all of them; what is unknown the two others leave out.
RULES = """
    create table judged as
    select
        series, period, bucket,
        case when not isnan(value) then value when kind = 'count' then 0 end as value
    from rows inner join truth using (series);

    create table flags as
    select
        'this project' as rule, truth.series,
        cast(epoch(bucket_starts_at - timestamptz '2026-01-05 00:00:00+00')
        / case period when 'hour' then 3600 else 86400 end as int) as bucket
    from aggregates.agg_metric_deviations inner join truth on series_id = series
    where severity in ('warning', 'critical');

    insert into flags
    select 'elementary', series, bucket from (
        select
            *, avg(value) over days as mean, stddev_samp(value) over days as deviation,
            count(value) over days as training
        from judged
        window days as (
            partition by series order by bucket
            range between case period when 'hour' then 335 else 13 end preceding
            and current row
        )
    ) where training >= 7 and deviation > 0 and abs(value - mean) / deviation > 3;

    create table medians as
    select *, median(value) over days as middle, mad(value) over days as spread,
        avg(value) over days as mean
    from judged
    window days as (
        partition by series order by bucket
        range between case period when 'hour' then 719 else 29 end preceding
        and current row
    );
    insert into flags
    select 're_data', series, bucket from medians
    where spread > 0 and 0.6745 * abs(value - middle) / spread > 3
"""
SCORES = """
    with

    judged as (
        select
            rule, truth.*, bucket,
            case period when 'hour' then 24 else 1 end as per_day
        from (select distinct * from flags) inner join truth using (series)
        where bucket >= $first * case period when 'hour' then 24 else 1 end
    ),

    marked as (
        select *, coalesce(
            bucket - lag(bucket) over (partition by rule, series order by bucket)
            > 7 * per_day, true
        ) as is_new
        from judged
    ),

    numbered as (
        select *, sum(cast(is_new as int)) over (
            partition by rule, series order by bucket
        ) as alert
        from marked
    ),

    alerts as (
        select
            rule, series,
            max(bucket) < any_value(starts_at) or min(bucket) >= any_value(ends_at)
            as is_false
        from numbered group by rule, series, alert
    ),

    false_alerts as (
        select rule, series, count(*) as number from alerts where is_false group by all
    ),

    delays as (
        select rule, series, min(bucket - starts_at) as delay from judged
        where bucket >= starts_at and bucket < ends_at group by all
    ),

    results as (
        select
            rules.rule, truth.*, delay, delay is not null as is_found,
            coalesce(number, 0) as false_number
        from (select distinct rule from flags) as rules cross join truth
        left join false_alerts using (rule, series)
        left join delays using (rule, series)
    )

    select
        period, {by}, rule, count(*) as series,
        sum(cast(is_found as int)) / (sum(cast(is_found as int)) + sum(false_number))
        as precision,
        avg(cast(is_found as int)) as recall,
        2 * sum(cast(is_found as int))
        / (sum(cast(is_found as int)) + sum(false_number) + count(*)) as f1,
        median(delay) as delay,
        avg(false_number) * 91 / ($days - $first) as false_alarms
    from results group by period, {by}, rule
    order by period, {by}, f1 desc
"""


def dbt(folder: Path, *arguments: str) -> float:
    """Run dbt on the warehouse of a folder; return the seconds it took."""
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - our own command
        [str(Path(sys.executable).with_name("dbt")), *arguments, "--quiet"],
        env=os.environ | {"WAREHOUSE_URL": f"duckdb:///{warehouse_in(folder)}"},
        check=True,
    )
    return time.monotonic() - started


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
    dbt(folder, "run", "--select", MODELS)
    with duckdb.connect(warehouse_in(folder)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("rows", rows)
        connection.register("truth", truth)
        connection.execute(RULES)
        size = {"first": FIRST_JUDGED, "days": DAYS}
        return [
            table_of(connection.execute(SCORES.format(by=by), size), by)
            for by in ("fault", "kind", "'all'")
        ]


def table_of(scores: duckdb.DuckDBPyConnection, by: str) -> Table:
    """Return scores as they are printed."""
    table = Table(title=f"Alerts by {by.strip(chr(39))}, delay in buckets")
    names = ("period", by, "rule", "series", "precision", "recall", "F1", "delay")
    for name in (*names, "false alarms a series and quarter"):
        table.add_column(name.strip("'"))
    for *words, number, precision, recall, f1, delay, false in scores.fetchall():
        late = "–" if delay is None else f"{delay:.0f}"
        precise = f"{precision:.2f}" if precision == precision else "–"
        shares = (precise, f"{recall:.2f}", f"{f1:.2f}")
        table.add_row(*words, str(number), *shares, late, f"{false:.2f}")
    return table


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="series of each sort")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    console = Console(soft_wrap=True)
    write_profile()
    with TemporaryDirectory() as folder:
        for table in detect(Path(folder), asked.each, asked.seed):
            console.print(table)


if __name__ == "__main__":
    main()
