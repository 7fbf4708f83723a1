with

buckets as (select * from {{ ref('int_metric_buckets') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

thresholds as (select * from {{ ref('telemetry_thresholds') }}),

-- one baseline serves all hours of a day, and knows none of them
days as (
    select distinct
        buckets.series_id,
        buckets.metric,
        buckets.bucket_date,
        buckets.bucket_date - cast(case
            when catalog.seasonality = 'none' then thresholds.window_days
            else thresholds.seasonal_window_days
        end as integer) as window_starts_on
    from buckets
    inner join catalog
        on buckets.metric = catalog.metric
    inner join thresholds
        on catalog.bucket = thresholds.bucket
),

final as (
    select
        days.series_id,

        days.metric,

        earlier.season,
        count(*) as bucket_count,
        count(earlier.value) as value_count,
        cast(
            percentile_cont(0.5) within group (order by earlier.value)
            as {{ type_double() }}
        ) as usual_value,
        cast(
            percentile_cont(0.5) within group (order by earlier.sample_count)
            as {{ type_double() }}
        ) as usual_sample_count,

        days.window_starts_on,
        days.bucket_date
    from days
    inner join buckets as earlier
        on
            days.series_id = earlier.series_id
            and days.bucket_date > earlier.bucket_date
            and days.window_starts_on <= earlier.bucket_date
    where not earlier.is_incident
    group by
        days.series_id,
        days.metric,
        earlier.season,
        days.window_starts_on,
        days.bucket_date
)

select * from final
