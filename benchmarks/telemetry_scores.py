"""The rules that `benchmarks.telemetry` compares, and what counts as right."""

import duckdb
from rich.box import SIMPLE_HEAD
from rich.table import Table

FIRST_JUDGED = 42  # days: everybody's baseline has warmed up
# A gap of a count is 0 for all of them; what is unknown the two others leave out.
RULES = """
    create table judged as
    select
        series, period, bucket,
        case when not isnan(value) then value when kind = 'count' then 0 end as value
    from rows inner join truth using (series);

    create table flags as
    select
        'ours' as rule, truth.series,
        cast(epoch(bucket_starts_at - timestamptz '2026-01-05 00:00:00+00')
        / case period when 'hour' then 3600 else 86400 end as int) as bucket
    from aggregates.agg_metric_deviations inner join truth on series_id = series
    where alert_severity in ('warning', 'critical');

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


def score(connection: duckdb.DuckDBPyConnection, by: str, days: int) -> Table:
    """Return how well each rule did, by fault or by kind, of so many days."""
    size = {"first": FIRST_JUDGED, "days": days}
    scores = connection.execute(SCORES.format(by=by), size)
    table = Table(
        title=f"Alerts by {by}; delay in buckets, false alarms a series and quarter",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    names = ("period", by, "rule", "n", "precise", "recall", "F1", "delay")
    for name in (*names, "false"):
        table.add_column(name, no_wrap=True)
    for *words, number, precision, recall, f1, delay, false in scores.fetchall():
        late = "–" if delay is None else f"{delay:.0f}"
        precise = f"{precision:.2f}" if precision == precision else "–"
        shares = (precise, f"{recall:.2f}", f"{f1:.2f}")
        table.add_row(*words, str(number), *shares, late, f"{false:.2f}")
    return table
