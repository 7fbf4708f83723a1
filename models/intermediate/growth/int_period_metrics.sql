with

daily_totals as (select * from {{ ref('int_daily_totals') }}),

period_days as (select * from {{ ref('int_period_days') }}),

periods as (select * from {{ ref('int_periods') }}),

active_periods as (select * from {{ ref('int_user_active_periods') }}),

active_users as (
    select
        period,
        user_type,
        count(*) as active_users,
        count(*) filter (where activity_status = 'new') as new_active_users,
        count(*) filter (where activity_status = 'retained') as retained_users,
        count(*) filter (where activity_status = 'returned') as returned_users,
        period_start_date
    from active_periods
    group by 1, 2, 7
),

-- people are added up over days only where nobody can count on two of them
day_sums as (
    select
        period_days.period,
        period_days.period_start_date,
        daily_totals.user_type,
        cast(sum(daily_totals.signups) as bigint) as signups,
        cast(sum(daily_totals.activated_signups) as bigint)
            as activated_signups,
        max(daily_totals.total_users) as total_users,
        cast(sum(daily_totals.dau) as {{ type_double() }}) / count(*)
            as average_dau
    from daily_totals
    inner join period_days
        on daily_totals.metric_date = period_days.date_day
    group by 1, 2, 3
),

totals as (
    select
        day_sums.period,
        day_sums.user_type,
        day_sums.signups,
        day_sums.activated_signups,
        day_sums.total_users,
        coalesce(active_users.active_users, 0) as active_users,
        coalesce(active_users.new_active_users, 0) as new_active_users,
        coalesce(active_users.retained_users, 0) as retained_users,
        coalesce(active_users.returned_users, 0) as returned_users,
        day_sums.average_dau,
        periods.is_tracked,
        periods.is_complete,
        periods.is_signup_complete,
        day_sums.period_start_date
    from day_sums
    inner join periods
        on
            day_sums.period = periods.period
            and day_sums.period_start_date = periods.period_start_date
    left join active_users
        on
            day_sums.period = active_users.period
            and day_sums.period_start_date = active_users.period_start_date
            and day_sums.user_type = active_users.user_type
),

-- what compares two periods is unknown unless both were tracked
marked as (
    select
        *,
        is_complete and coalesce(lag(is_tracked) over by_period, is_tracked)
            as is_compared
    from totals
    window by_period as (
        partition by period, user_type
        order by period_start_date
    )
),

known as (
    select
        period,
        period_start_date,
        user_type,
        case when is_signup_complete then signups end as signups,
        case when is_signup_complete then activated_signups end
            as activated_signups,
        case when is_signup_complete then total_users end as total_users,
        case when is_complete then active_users end as active_users,
        case when is_complete then average_dau end as average_dau,
        case when is_compared then retained_users end as retained_users,
        case when is_compared then new_active_users end as new_active_users,
        case when is_compared then returned_users end as returned_users,
        is_tracked,
        is_complete
    from marked
),

compared as (
    select
        *,
        signups - lag(signups) over by_period as signup_change,
        lag(signups) over by_period as previous_signups,
        total_users - lag(total_users) over by_period as user_change,
        lag(total_users) over by_period as previous_total_users,
        lag(active_users) over by_period as previous_active_users
    from known
    window by_period as (
        partition by period, user_type
        order by period_start_date
    )
),

final as (
    select
        period,
        user_type,

        signups,
        activated_signups,
        cast(activated_signups as {{ type_double() }}) / nullif(signups, 0)
            as activation_share,
        total_users,
        active_users,
        average_dau,
        case when is_tracked then average_dau / nullif(active_users, 0) end
            as stickiness,
        cast(signup_change as {{ type_double() }}) / nullif(previous_signups, 0)
            as signup_growth_share,
        cast(user_change as {{ type_double() }})
        / nullif(previous_total_users, 0)
            as user_growth_share,
        retained_users,
        cast(retained_users as {{ type_double() }})
        / nullif(previous_active_users, 0) as retention_share,
        coalesce(previous_active_users, 0) - retained_users as churned_users,
        new_active_users,
        returned_users,

        is_tracked,
        is_complete,

        period_start_date
    from compared
)

select * from final
