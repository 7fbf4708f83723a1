with

baselines as (
    select * from {{ ref('agg_metric_baselines') }}
    where is_judged and state in ('ok', 'flat')
),

catalog as (select * from {{ ref('metric_catalog') }}),

thresholds as (select * from {{ ref('telemetry_thresholds') }}),

compared as (
    select
        baselines.*,
        catalog.worse_when,
        thresholds.info_z,
        thresholds.warning_z,
        thresholds.critical_z,
        (baselines.value - baselines.median) / baselines.scale as robust_z,
        (baselines.value - baselines.median)
        / nullif(abs(baselines.median), 0) as change_share,
        case
            when baselines.value > baselines.median then 'up'
            when baselines.value < baselines.median then 'down'
            when baselines.value is null then 'missing'
        end as direction,
        abs(baselines.value - baselines.median)
        >= greatest(
            catalog.minimal_value,
            catalog.minimal_change * abs(baselines.median)
        ) as is_practical,
        -- of a small number it takes few scales to fall to 0
        baselines.value = 0 and baselines.window_min > 0 as is_collapse,
        baselines.value is null
        and baselines.season_values
        >= thresholds.min_presence * baselines.season_buckets as is_missing
    from baselines
    inner join catalog
        on baselines.metric = catalog.metric
    inner join thresholds
        on catalog.bucket = thresholds.bucket
),

rated as (
    select
        *,
        case
            when is_missing then 'warning'
            when not is_practical or direction is null then null
            when
                worse_when <> 'either' and worse_when <> direction
                and abs(robust_z) >= info_z
                then 'info'
            when abs(robust_z) >= critical_z then 'critical'
            when abs(robust_z) >= warning_z or is_collapse then 'warning'
            when abs(robust_z) >= info_z then 'info'
        end as alert_severity
    from compared
),

final as (
    select
        series_id,

        metric,
        tags,

        direction,
        alert_severity,

        value,
        median,
        scale,
        robust_z,
        change_share,

        bucket_starts_at
    from rated
    where alert_severity is not null
)

select * from final
