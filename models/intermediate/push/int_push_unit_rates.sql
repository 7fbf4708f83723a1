with

units as (select * from {{ ref('int_push_matched_units') }}),

counts as (select * from {{ ref('int_push_unit_counts') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- counts over unequal times become rates, rounded to integers; only weeks that
-- were observed whole are matched; without time before the baseline the long
-- rate is null
final as (
    select
        units.campaign_key,
        units.user_key,
        counts.metric,
        units.arm,

        units.weeks_before,
        units.activity_stratum,
        units.silence,
        counts.post_count,
        case
            when units.activity_stratum = -1 then 0
            else cast(
                floor(
                    parameters.baseline_hours * 3600.0 * counts.clean_count
                    / units.clean_seconds + 0.5
                ) as bigint
            )
        end as baseline_rate,
        case units.matched_weeks
            when 1 then 12 * counts.first_matched_count
            when 2
                then
                    6 * (
                        counts.first_matched_count
                        + counts.second_matched_count
                    )
            when 3
                then
                    4 * (
                        counts.first_matched_count
                        + counts.second_matched_count
                        + counts.third_matched_count
                    )
            else
                3 * (
                    counts.first_matched_count + counts.second_matched_count
                    + counts.third_matched_count + counts.fourth_matched_count
                )
        end as matched_rate,
        counts.week_count,
        counts.day_count,
        cast(
            floor(
                (parameters.long_hours - parameters.baseline_hours) * 3600.0
                * counts.long_count / units.long_seconds + 0.5
            ) as bigint
        ) as long_rate,

        units.send_hour_at
    from units
    cross join parameters
    inner join counts
        on
            units.user_key = counts.user_key
            and units.anchored_at = counts.anchored_at
)

select * from final
