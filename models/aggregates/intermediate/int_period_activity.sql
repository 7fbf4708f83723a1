with

activity_days as (select * from {{ ref('int_user_activity_days') }}),

period_days as (select * from {{ ref('int_period_days') }}),

timed as (
    select
        period_days.period,
        period_days.period_start_date,
        period_days.is_complete,
        activity_days.user_key,
        activity_days.user_type,
        activity_days.activity_type,
        activity_days.activity_count
    from activity_days
    inner join period_days
        on activity_days.activity_date = period_days.date_day
),

-- one row per user first, so that nobody needs to be told apart again
actors as (
    select
        period,
        period_start_date,
        is_complete,
        user_type,
        activity_type,
        user_key,
        sum(activity_count) as activity_count
    from timed
    group by
        period, period_start_date, is_complete, user_type, activity_type,
        user_key
),

final as (
    select
        period,
        user_type,
        activity_type,

        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count,

        is_complete,

        period_start_date
    from actors
    group by period, period_start_date, is_complete, user_type, activity_type
)

select * from final
