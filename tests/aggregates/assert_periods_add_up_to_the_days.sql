-- what may be added up over days is the same in days, weeks and months
with

days as (
    select
        user_type,
        sum(signups) as signups,
        sum(activated_signups) as activated_signups,
        max(total_users) as total_users
    from {{ ref('agg_daily_metrics') }}
    group by user_type
),

periods as (
    select
        period,
        user_type,
        sum(signups) as signups,
        sum(activated_signups) as activated_signups,
        max(total_users) as total_users
    from {{ ref('int_period_metrics') }}
    group by period, user_type
),

active_days as (
    select
        user_type,
        activity_type,
        sum(activity_count) as activity_count,
        sum(actor_count) as actor_count
    from {{ ref('agg_daily_activity') }}
    group by user_type, activity_type
),

active_periods as (
    select
        period,
        user_type,
        activity_type,
        sum(activity_count) as activity_count,
        sum(actor_count) as actor_count
    from {{ ref('int_period_activity') }}
    group by period, user_type, activity_type
)

select
    days.user_type,
    periods.period,
    'metrics' as what
from days
left join periods
    on days.user_type = periods.user_type
where
    periods.signups is distinct from days.signups
    or periods.activated_signups is distinct from days.activated_signups
    or periods.total_users is distinct from days.total_users

union all

select
    active_days.user_type,
    active_periods.period,
    active_days.activity_type as what
from active_days
left join active_periods
    on
        active_days.user_type = active_periods.user_type
        and active_days.activity_type = active_periods.activity_type
where
    active_periods.activity_count is distinct from active_days.activity_count
    -- who acts on two days of a period is one actor of it
    or active_periods.actor_count > active_days.actor_count
