with

daily_metrics as (select * from {{ ref('agg_daily_metrics') }}),

period_days as (select * from {{ ref('int_period_days') }}),

active_users as (select * from {{ ref('int_period_active_users') }}),

-- people are added up over days only where nobody can count on two of them
totals as (
    select
        period_days.period,
        period_days.period_start_date,
        period_days.is_complete,
        daily_metrics.user_type,
        cast(sum(daily_metrics.signups) as bigint) as signups,
        cast(sum(daily_metrics.activated_signups) as bigint)
            as activated_signups,
        max(daily_metrics.total_users) as total_users,
        cast(sum(daily_metrics.dau) as double precision) / count(*)
            as average_dau
    from daily_metrics
    inner join period_days
        on daily_metrics.metric_date = period_days.date_day
    group by 1, 2, 3, 4
),

metrics as (
    select
        totals.period,
        totals.period_start_date,
        totals.is_complete,
        totals.user_type,
        totals.signups,
        totals.activated_signups,
        totals.total_users,
        totals.average_dau,
        coalesce(active_users.active_users, 0) as active_users,
        coalesce(active_users.new_active_users, 0) as new_active_users,
        coalesce(active_users.retained_users, 0) as retained_users,
        coalesce(active_users.returned_users, 0) as returned_users
    from totals
    left join active_users
        on
            totals.period = active_users.period
            and totals.period_start_date = active_users.period_start_date
            and totals.user_type = active_users.user_type
),

final as (
    select
        period,
        user_type,

        signups,
        activated_signups,
        total_users,
        active_users,
        new_active_users,
        retained_users,
        returned_users,
        lag(signups) over by_period as previous_signups,
        lag(total_users) over by_period as previous_total_users,
        lag(active_users) over by_period as previous_active_users,
        average_dau,

        is_complete,

        period_start_date
    from metrics
    window by_period as (
        partition by period, user_type
        order by period_start_date
    )
)

select * from final
