with

subjects as (
    select
        *,
        arm in ('reachable', 'unreachable') as is_control
    from {{ ref('int_push_subject_measures') }}
),

-- beyond what recipients are like, nobody says what they would have done
boxes as (
    select
        campaign_key,
        min(recency) as least_recency,
        max(recency) as most_recency,
        min(day_count) as least_day_count,
        max(day_count) as most_day_count,
        min(six_day_count) as least_six_day_count,
        max(six_day_count) as most_six_day_count,
        min(tenure_hours) as least_tenure_hours,
        max(tenure_hours) as most_tenure_hours
    from {{ ref('int_push_subject_measures') }}
    where arm in ('recipient', 'overlapping') and activity_class <> -1
    group by campaign_key
),

-- a control of several hours is one person, and would make errors look smaller;
-- the order of hashes is random, and always the same
numbered as (
    select
        subjects.*,
        row_number() over (
            partition by
                subjects.campaign_key, subjects.user_key,
                subjects.weeks_before, subjects.is_control,
                subjects.arm = 'held_out'
            order by
                md5(
                    subjects.user_key || subjects.campaign_key || cast(
                        {{ epoch_seconds('subjects.send_hour_at') }}
                        as {{ type_text() }}
                    )
                )
        ) as hour_number
    from subjects
    left join boxes
        on subjects.campaign_key = boxes.campaign_key
    where
        not subjects.is_control
        or (
            subjects.recency
            between boxes.least_recency and boxes.most_recency
            and subjects.day_count
            between boxes.least_day_count and boxes.most_day_count
            and subjects.six_day_count
            between boxes.least_six_day_count and boxes.most_six_day_count
            and subjects.tenure_hours
            between boxes.least_tenure_hours and boxes.most_tenure_hours
        )
),

final as (
    select
        campaign_key,
        user_key,
        arm,

        weeks_before,
        activity_class,
        recency,
        activity_week,
        diluted_seconds,
        unexposed_seconds,
        long_seconds,

        has_later_push,

        index_at
    from numbered
    where hour_number = 1
)

select * from final
