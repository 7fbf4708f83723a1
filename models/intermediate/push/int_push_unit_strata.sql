with

measures as (select * from {{ ref('int_push_unit_measures') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- who was never active is in the last class of silence
classified as (
    select
        *,
        case
            when silent_hours < 0.5 then 0
            when silent_hours < 2 then 1
            when silent_hours < 6 then 2
            when silent_hours < 24 then 3
            when silent_hours < 3 * 24 then 4
            when silent_hours < 7 * 24 then 5
            when silent_hours < 14 * 24 then 6
            when silent_hours < 30 * 24 then 7
            else 8
        end as silence_class,
        case
            when day_count < 3 then day_count
            when day_count < 5 then 3
            else 4
        end as day_class,
        case
            when six_day_count = 0 then 0
            when six_day_count < 3 then 1
            when six_day_count < 6 then 2
            when six_day_count < 11 then 3
            else 4
        end as six_day_class,
        case
            when tenure_days < 14 then 0
            when tenure_days < 30 then 1
            else 2
        end as tenure_class
    from measures
),

final as (
    select
        classified.campaign_key,
        classified.user_key,
        classified.arm,

        classified.weeks_before,
        case
            when
                classified.clean_seconds < parameters.min_baseline_hours * 3600
                then -1
            else cast(
                classified.silence_class
                + 9 * (
                    classified.day_class
                    + 5 * (
                        classified.six_day_class + 5 * classified.tenure_class
                    )
                ) as bigint
            )
        end as activity_stratum,
        cast(
            floor(
                1000 * ln(
                    1 + coalesce(
                        classified.silent_hours,
                        classified.observed_seconds / 3600.0
                    )
                ) + 0.5
            ) as bigint
        ) as silence,
        classified.clean_seconds,
        case
            when
                classified.long_seconds >= parameters.min_baseline_hours * 3600
                then classified.long_seconds
        end as long_seconds,
        cast(
            least(4, floor(classified.observed_seconds / (7.0 * 86400)))
            as bigint
        ) as matched_weeks,

        classified.send_hour_at,
        classified.anchored_at
    from classified
    cross join parameters
    where
        classified.clean_seconds >= parameters.min_baseline_hours * 3600
        or classified.arm in ('recipient', 'crowded')
)

select * from final
