-- where every sample stands for one, they are what percentile_cont says; a
-- bucket of which samples are gone keeps what it had
with

samples as (
    select
        series_id,
        value,
        sample_count,
        {{ bucket_start('observed_at', 'day') }} as bucket_starts_at
    from {{ ref('fct_metric_samples') }}
    where quantile is null
),

recounted as (
    select
        series_id,
        bucket_starts_at,
        count(*) as sample_count,
        percentile_cont(0.5) within group (order by value) as p50,
        percentile_cont(0.95) within group (order by value) as p95,
        percentile_cont(0.99) within group (order by value) as p99
    from samples
    group by series_id, bucket_starts_at
    having max(sample_count) = 1
)

select
    rollups.metric,
    rollups.tags,
    rollups.bucket_starts_at
from {{ ref('int_metric_rollups') }} as rollups
inner join recounted
    on
        rollups.series_id = recounted.series_id
        and rollups.bucket_starts_at = recounted.bucket_starts_at
        and rollups.sample_count = recounted.sample_count
        and rollups.period = 'day'
where
    abs(rollups.p50 - recounted.p50) > 1e-9 * abs(recounted.p50)
    or abs(rollups.p95 - recounted.p95) > 1e-9 * abs(recounted.p95)
    or abs(rollups.p99 - recounted.p99) > 1e-9 * abs(recounted.p99)
