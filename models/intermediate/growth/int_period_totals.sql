with

daily_totals as (select * from {{ ref('int_daily_totals') }}),

period_days as (select * from {{ ref('int_period_days') }}),

active_users as (select * from {{ ref('int_period_active_users') }}),

periods as (select * from {{ ref('int_periods') }}),

-- people are added up over days only where nobody can count on two of them
totals as (
    select
        period_days.period,
        period_days.period_start_date,
        daily_totals.user_type,
        cast(sum(daily_totals.signups) as bigint) as signups,
        cast(sum(daily_totals.activated_signups) as bigint)
            as activated_signups,
        max(daily_totals.total_users) as total_users,
        cast(sum(daily_totals.dau) as double precision) / count(*)
            as average_dau
    from daily_totals
    inner join period_days
        on daily_totals.metric_date = period_days.date_day
    group by 1, 2, 3
),

final as (
    select
        totals.period,
        totals.user_type,

        totals.signups,
        totals.activated_signups,
        totals.total_users,
        coalesce(active_users.active_users, 0) as active_users,
        coalesce(active_users.new_active_users, 0) as new_active_users,
        coalesce(active_users.retained_users, 0) as retained_users,
        coalesce(active_users.returned_users, 0) as returned_users,
        totals.average_dau,

        periods.is_tracked,
        periods.is_complete,
        periods.is_signup_complete,

        totals.period_start_date
    from totals
    inner join periods
        on
            totals.period = periods.period
            and totals.period_start_date = periods.period_start_date
    left join active_users
        on
            totals.period = active_users.period
            and totals.period_start_date = active_users.period_start_date
            and totals.user_type = active_users.user_type
)

select * from final
