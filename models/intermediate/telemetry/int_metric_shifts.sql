with

buckets as (select * from {{ ref('int_metric_buckets') }}),

levels as (select * from {{ ref('int_metric_levels') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

thresholds as (select * from {{ ref('telemetry_thresholds') }}),

days as (
    select distinct
        levels.series_id,
        levels.bucket_date,
        catalog.learn_after,
        catalog.minimal_change,
        thresholds.min_learnt_share,
        {{ instant_of('cast(levels.bucket_date as timestamp)') }}
        - catalog.learn_after * case catalog.bucket
            when 'hour' then 1 else 24
        end * interval '1 hour' as recent_from
    from levels
    inner join catalog
        on levels.metric = catalog.metric
    inner join thresholds
        on catalog.bucket = thresholds.bucket
),

-- how far each of the last buckets before the day lies from the levels of the
-- day, as a share of them
recent as (
    select
        days.series_id,
        days.bucket_date,
        days.learn_after,
        days.minimal_change,
        days.min_learnt_share,
        (buckets.value - levels.usual_value)
        / coalesce(nullif(abs(levels.usual_value), 0), 1) as change_share
    from days
    inner join buckets
        on
            days.series_id = buckets.series_id
            and days.bucket_date > buckets.bucket_date
            and days.recent_from <= buckets.bucket_starts_at
    inner join levels
        on
            days.series_id = levels.series_id
            and days.bucket_date = levels.bucket_date
            and buckets.season = levels.season
    where buckets.value is not null and not buckets.is_incident
),

shifts as (
    select
        series_id,
        bucket_date,
        percentile_cont(0.5) within group (order by change_share) as shift
    from recent
    group by series_id, bucket_date
),

-- all of them, or nearly, moved by half the shift or more
final as (
    select
        recent.series_id,

        cast(shifts.shift as {{ type_double() }}) as shift,

        recent.bucket_date
    from recent
    inner join shifts
        on
            recent.series_id = shifts.series_id
            and recent.bucket_date = shifts.bucket_date
    group by
        recent.series_id,
        recent.bucket_date,
        recent.learn_after,
        recent.minimal_change,
        recent.min_learnt_share,
        shifts.shift
    having
        count(*) filter (
            where recent.change_share * sign(shifts.shift)
            >= abs(shifts.shift) / 2
        ) >= recent.min_learnt_share * recent.learn_after
        and abs(shifts.shift) >= recent.minimal_change
)

select * from final
