with

strata as (select * from {{ ref('int_push_subject_strata') }}),

counts as (select * from {{ ref('int_push_subject_counts') }}),

metrics as (select distinct metric from {{ ref('push_metrics') }}),

parameters as (select * from {{ ref('push_parameters') }}),

recipient_strata as (
    select distinct
        campaign_key,
        send_hour_at,
        activity_stratum
    from {{ ref('int_push_subject_strata') }}
    where arm in ('recipient', 'overlapping')
),

comparable as (
    select
        strata.*,
        strata.arm in ('reachable', 'unreachable') as is_control
    from strata
    left join recipient_strata
        on
            strata.campaign_key = recipient_strata.campaign_key
            and strata.send_hour_at = recipient_strata.send_hour_at
            and strata.activity_stratum = recipient_strata.activity_stratum
    where
        recipient_strata.campaign_key is not null
        or strata.arm = 'held_out'
),

-- the order of hashes is random, and always the same
ordered as (
    select
        *,
        row_number() over (
            partition by campaign_key, user_key, weeks_before, is_control
            order by
                md5(
                    user_key || campaign_key || cast(
                        cast(extract(epoch from send_hour_at) as bigint)
                        as text
                    )
                )
        ) as hour_number
    from comparable
),

-- a control of several hours is one person, and would make errors look smaller;
-- who has no counts did nothing
counted as (
    select
        ordered.*,
        metrics.metric,
        coalesce(counts.post_count, 0) as post_count,
        coalesce(counts.unexposed_count, 0) as unexposed_count,
        coalesce(counts.week_count, 0) as week_count,
        coalesce(counts.day_count, 0) as day_count,
        coalesce(counts.long_count, 0) as long_count,
        coalesce(counts.first_matched_count, 0) as matched_1,
        coalesce(counts.second_matched_count, 0) as matched_2,
        coalesce(counts.third_matched_count, 0) as matched_3,
        coalesce(counts.fourth_matched_count, 0) as matched_4
    from ordered
    cross join metrics
    left join counts
        on
            ordered.user_key = counts.user_key
            and ordered.index_at = counts.index_at
            and metrics.metric = counts.metric
    where ordered.hour_number = 1 or not ordered.is_control
),

-- counts over unequal times become rates, rounded to integers; only weeks that
-- were observed whole are matched; without time before the baseline the long
-- rate is null
final as (
    select
        counted.campaign_key,
        counted.user_key,
        counted.metric,
        counted.arm,

        counted.weeks_before,
        counted.activity_stratum,
        counted.recency,
        counted.post_count,
        case
            when counted.activity_stratum = -1 then 0
            else cast(
                floor(
                    parameters.baseline_hours * 3600.0 * counted.unexposed_count
                    / counted.unexposed_seconds + 0.5
                ) as bigint
            )
        end as baseline_rate,
        case counted.matched_weeks
            when 1 then 12 * counted.matched_1
            when 2 then 6 * (counted.matched_1 + counted.matched_2)
            when 3
                then
                    4 * (
                        counted.matched_1 + counted.matched_2
                        + counted.matched_3
                    )
            else
                3 * (
                    counted.matched_1 + counted.matched_2
                    + counted.matched_3 + counted.matched_4
                )
        end as matched_rate,
        counted.week_count,
        counted.day_count,
        cast(
            floor(
                (parameters.long_hours - parameters.baseline_hours) * 3600.0
                * counted.long_count / counted.long_seconds + 0.5
            ) as bigint
        ) as long_rate,

        counted.send_hour_at
    from counted
    cross join parameters
)

select * from final
