with

catalog as (select * from {{ ref('metric_catalog') }}),

thresholds as (select * from {{ ref('telemetry_thresholds') }}),

incidents as (select * from {{ ref('incident_windows') }}),

wrong as (
    select
        'metric_catalog' as seed,
        metric as line_name
    from catalog
    where
        (
            minimal_history between 1 and 1000
            and minimal_change >= 0
            and minimal_value >= 0
            and learn_after between 1 and 1000
            and retention_days between 1 and 36500
        ) is not true

    union all

    -- a gap has at most the 1,000 hours that metric_buckets counts
    select
        'telemetry_thresholds' as seed,
        bucket as line_name
    from thresholds
    where
        (
            window_days between 1 and 366
            and seasonal_window_days between 1 and 366
            and gap_days between 1 and 41
            and info_z > 0
            and warning_z >= info_z
            and critical_z >= warning_z
            and relative_floor >= 0
            and absolute_floor >= 0
            and min_presence between 0 and 1
            and min_learnt_share between 0 and 1
            and same_fault_days between 1 and 366
        ) is not true

    union all

    select
        'telemetry_thresholds' as seed,
        'hour and day' as line_name
    from thresholds
    having count(distinct bucket) <> 2

    union all

    select
        'incident_windows' as seed,
        reason as line_name
    from incidents
    where ended_at <= started_at
)

select
    seed,
    line_name
from wrong
