with

hours as (select * from {{ ref('agg_metric_hourly') }}),

days as (select * from {{ ref('agg_metric_daily') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

incidents as (select * from {{ ref('incident_windows') }}),

judged as (
    select
        hours.*,
        1 as bucket_hours
    from hours
    inner join catalog
        on hours.metric = catalog.metric and catalog.bucket = 'hour'

    union all

    select
        days.*,
        24 as bucket_hours
    from days
    inner join catalog
        on days.metric = catalog.metric and catalog.bucket = 'day'
),

clocked as (
    select
        *,
        {{ zone_time('bucket_starts_at') }} as bucket_time
    from judged
),

final as (
    select
        clocked.series_id,

        clocked.metric,
        clocked.tags,

        clocked.sample_count,
        case catalog.type
            when 'counter' then clocked.value_sum
            when 'gauge' then clocked.value_last
            else clocked.p50
        end as value,
        clocked.gap_number,
        cast(case catalog.seasonality
            when 'weekday' then {{ iso_weekday('clocked.bucket_time') }}
            when 'hour_of_week'
                then
                    {{ iso_weekday('clocked.bucket_time') }} * 24
                    + extract(hour from clocked.bucket_time)
            else 0
        end as bigint) as season,

        clocked.is_over,
        exists(
            select 1
            from incidents
            where
                coalesce(incidents.metric, clocked.metric) = clocked.metric
                and incidents.started_at
                < clocked.bucket_starts_at
                + clocked.bucket_hours * interval '1 hour'
                and incidents.ended_at > clocked.bucket_starts_at
        ) as is_incident,

        clocked.bucket_starts_at,
        cast(clocked.bucket_time as date) as bucket_date
    from clocked
    inner join catalog
        on clocked.metric = catalog.metric
)

select * from final
