-- what may be added up over days is the same in weeks and months
with

period_days as (select * from {{ ref('int_period_days') }}),

daily_metrics as (select * from {{ ref('agg_daily_metrics') }}),

daily_activity as (select * from {{ ref('agg_daily_activity') }}),

days as (
    select
        period_days.period,
        period_days.period_start_date,
        daily_metrics.user_type,
        sum(daily_metrics.signups) as signups,
        sum(daily_metrics.activated_signups) as activated_signups,
        max(daily_metrics.total_users) as total_users
    from daily_metrics
    inner join period_days
        on daily_metrics.metric_date = period_days.date_day
    group by 1, 2, 3
),

active_days as (
    select
        period_days.period,
        period_days.period_start_date,
        daily_activity.user_type,
        daily_activity.activity_type,
        sum(daily_activity.activity_count) as activity_count,
        sum(daily_activity.actor_count) as actor_count
    from daily_activity
    inner join period_days
        on daily_activity.metric_date = period_days.date_day
    group by 1, 2, 3, 4
)

select
    periods.period,
    periods.period_start_date,
    'metrics' as what
from {{ ref('int_period_metrics') }} as periods
left join days
    on
        periods.period = days.period
        and periods.period_start_date = days.period_start_date
        and periods.user_type = days.user_type
where
    periods.signups is not null
    and (
        periods.signups is distinct from days.signups
        or periods.activated_signups is distinct from days.activated_signups
        or periods.total_users is distinct from days.total_users
    )

union all

select
    periods.period,
    periods.period_start_date,
    periods.activity_type as what
from {{ ref('int_period_activity') }} as periods
left join active_days
    on
        periods.period = active_days.period
        and periods.period_start_date = active_days.period_start_date
        and periods.user_type = active_days.user_type
        and periods.activity_type = active_days.activity_type
where
    periods.is_complete
    and (
        periods.activity_count is distinct from active_days.activity_count
        -- who acts on two days of a period is one actor of it
        or periods.actor_count > active_days.actor_count
    )
