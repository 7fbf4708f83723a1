with

subjects as (select * from {{ ref('int_push_compared_subjects') }}),

counts as (select * from {{ ref('int_push_subject_counts') }}),

parameters as (select * from {{ ref('push_parameters') }}),

-- counts over unequal times become rates, rounded to integers; without time
-- before the baseline the long rate is null
rates as (
    select
        subjects.campaign_key,
        subjects.user_key,
        counts.metric,
        subjects.arm,
        subjects.weeks_before,
        subjects.activity_class,
        subjects.recency,
        subjects.activity_week,
        subjects.diluted_seconds,
        counts.post_count,
        counts.first_day_count,
        case
            when subjects.activity_class = -1 then 0
            else cast(
                floor(
                    parameters.baseline_hours * 3600.0 * counts.unexposed_count
                    / subjects.unexposed_seconds + 0.5
                ) as bigint
            )
        end as baseline_rate,
        counts.week_count,
        counts.day_count,
        cast(
            floor(
                (parameters.long_hours - parameters.baseline_hours) * 3600.0
                * counts.long_count / subjects.long_seconds + 0.5
            ) as bigint
        ) as long_rate,
        subjects.has_later_push
    from subjects
    cross join parameters
    inner join counts
        on
            subjects.user_key = counts.user_key
            and subjects.index_at = counts.index_at
),

final as (
    select * from rates
    where
        post_count > 0
        or baseline_rate > 0
        or week_count > 0
        or long_rate > 0
)

select * from final
