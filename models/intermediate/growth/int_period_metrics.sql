with

totals as (select * from {{ ref('int_period_totals') }}),

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
        cast(activated_signups as double precision) / nullif(signups, 0)
            as activation_share,
        total_users,
        active_users,
        average_dau,
        case when is_tracked then average_dau / nullif(active_users, 0) end
            as stickiness,
        cast(signup_change as double precision) / nullif(previous_signups, 0)
            as signup_growth_share,
        cast(user_change as double precision) / nullif(previous_total_users, 0)
            as user_growth_share,
        retained_users,
        cast(retained_users as double precision)
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
