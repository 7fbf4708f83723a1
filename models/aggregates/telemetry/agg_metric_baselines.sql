with

residuals as (select * from {{ ref('int_metric_residuals') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

thresholds as (select * from {{ ref('telemetry_thresholds') }}),

days as (
    select distinct
        series_id,
        bucket_date,
        window_starts_on
    from {{ ref('int_metric_levels') }}
),

windows as (
    select
        days.series_id,
        days.bucket_date,
        count(earlier.value) as value_count,
        count(earlier.residual) as residual_count,
        min(earlier.value) as window_min,
        max(earlier.value) as window_max,
        percentile_cont(0.5) within group (order by earlier.value)
            as window_p50,
        percentile_cont(0.95) within group (order by earlier.value)
            as window_p95,
        percentile_cont(0.99) within group (order by earlier.value)
            as window_p99,
        percentile_cont(0.5) within group (order by abs(earlier.residual))
            as median_deviation,
        avg(abs(earlier.residual)) as mean_deviation
    from days
    inner join residuals as earlier
        on
            days.series_id = earlier.series_id
            and days.bucket_date > earlier.bucket_date
            and days.window_starts_on <= earlier.bucket_date
    where not earlier.is_incident
    group by days.series_id, days.bucket_date
),

-- both factors make it the standard deviation where values are normal; a flat
-- series has none, and no change of it is a multiple of nothing
scaled as (
    select
        residuals.*,
        windows.value_count,
        windows.residual_count,
        windows.window_min,
        windows.window_max,
        windows.window_p50,
        windows.window_p95,
        windows.window_p99,
        catalog.minimal_history,
        catalog.learn_after,
        greatest(
            residuals.unit_of_scale * 1.4826 * windows.median_deviation,
            residuals.unit_of_scale * 1.2533 * windows.mean_deviation,
            thresholds.relative_floor * abs(residuals.expected_value),
            thresholds.absolute_floor * catalog.minimal_value,
            1e-9
        ) as scale,
        residuals.is_over
        or residuals.sample_count >= residuals.usual_sample_count as is_judged
    from residuals
    inner join catalog
        on residuals.metric = catalog.metric
    inner join thresholds
        on catalog.bucket = thresholds.bucket
    left join windows
        on
            residuals.series_id = windows.series_id
            and residuals.bucket_date = windows.bucket_date
),

final as (
    select
        series_id,

        metric,
        tags,

        case
            when gap_number > learn_after then 'stale'
            when coalesce(residual_count, 0) < minimal_history
                then 'warming_up'
            when window_min = window_max then 'flat'
            else 'ok'
        end as state,

        value,
        cast(coalesce(value_count, 0) as bigint) as value_count,
        expected_value as median,
        cast(scale as {{ type_double() }}) as scale,
        cast(window_p50 as {{ type_double() }}) as window_p50,
        cast(window_p95 as {{ type_double() }}) as window_p95,
        cast(window_p99 as {{ type_double() }}) as window_p99,
        window_min,
        season_buckets,
        season_values,
        gap_number,

        coalesce(is_judged, false) as is_judged,
        is_learnt,

        bucket_starts_at
    from scaled
)

select * from final
