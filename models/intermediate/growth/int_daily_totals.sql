with

days as (select * from {{ ref('dim_date') }}),

daily_signups as (select * from {{ ref('int_daily_signups') }}),

active_user_changes as (select * from {{ ref('int_active_user_changes') }}),

-- a day on which nothing happened keeps its row
changes as (
    select
        days.date_day as metric_date,
        segments.user_type,
        coalesce(daily_signups.signups, 0) as signups,
        coalesce(daily_signups.activated_signups, 0) as activated_signups,
        coalesce(daily_signups.activated_signups_30_days, 0)
            as activated_signups_30_days,
        coalesce(active_user_changes.dau_change, 0) as dau_change,
        coalesce(active_user_changes.wau_change, 0) as wau_change,
        coalesce(active_user_changes.mau_change, 0) as mau_change
    from days
    cross join (values ('finder'), ('standard')) as segments (user_type)
    left join daily_signups
        on
            days.date_day = daily_signups.signup_date
            and segments.user_type = daily_signups.user_type
    left join active_user_changes
        on
            days.date_day = active_user_changes.changed_date
            and segments.user_type = active_user_changes.user_type
),

final as (
    select
        metric_date,

        user_type,

        signups,
        activated_signups,
        activated_signups_30_days,
        cast(sum(signups) over running as bigint) as total_users,
        cast(sum(dau_change) over running as bigint) as dau,
        cast(sum(wau_change) over running as bigint) as wau,
        cast(sum(mau_change) over running as bigint) as mau
    from changes
    window running as (partition by user_type order by metric_date)
)

select * from final
