with

units as (select * from {{ ref('int_push_units') }}),

users as (select * from {{ ref('int_push_users') }}),

histories as (select * from {{ ref('int_push_unit_histories') }}),

counts as (select * from {{ ref('int_push_unit_counts') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- in microseconds, which are whole numbers on both engines
timed as (
    select
        units.*,
        histories.exposed_seconds,
        cast(extract(epoch from units.anchored_at) * 1000000 as bigint)
            as anchored_us,
        cast(extract(epoch from histories.last_active_at) * 1000000 as bigint)
            as last_active_us,
        cast(extract(epoch from users.first_seen_at) * 1000000 as bigint)
            as first_seen_us,
        cast(extract(epoch from users.observed_from_at) * 1000000 as bigint)
            as observed_from_us
    from units
    inner join users
        on units.user_key = users.user_key
    inner join histories
        on
            units.user_key = histories.user_key
            and units.anchored_at = histories.anchored_at
),

measured as (
    select
        *,
        cast(
            floor(
                cast(anchored_us - observed_from_us as double precision)
                / 1000000
            ) as bigint
        ) as observed_seconds,
        cast(anchored_us - last_active_us as double precision)
        / 3600000000 as silent_hours,
        cast(anchored_us - first_seen_us as double precision)
        / 86400000000 as tenure_days
    from timed
),

final as (
    select
        measured.campaign_key,
        measured.user_key,
        measured.arm,

        measured.weeks_before,
        coalesce(counts.day_count, 0) as day_count,
        coalesce(counts.week_count - counts.day_count, 0) as six_day_count,
        measured.observed_seconds,
        least(parameters.baseline_hours * 3600, measured.observed_seconds)
        - measured.exposed_seconds as clean_seconds,
        least(parameters.long_hours * 3600, measured.observed_seconds)
        - parameters.baseline_hours * 3600 as long_seconds,
        measured.silent_hours,
        measured.tenure_days,

        measured.send_hour_at,
        measured.anchored_at
    from measured
    cross join parameters
    left join counts
        on
            measured.user_key = counts.user_key
            and measured.anchored_at = counts.anchored_at
            and parameters.activity_metric = counts.metric
)

select * from final
