with

days as (select * from {{ ref('dim_date') }}),

daily_signups as (select * from {{ ref('int_daily_signups') }}),

active_days as (select * from {{ ref('int_user_active_days') }}),

-- an active day takes a user into each window; its end takes them out again, or
-- the next active day, which takes them in anew: so nobody counts twice
window_edges as (
    select
        active_days.user_type,
        edges.dau_change,
        edges.wau_change,
        edges.mau_change,
        least(
            active_days.active_date + edges.days_later,
            active_days.next_active_date
        ) as changed_date
    from active_days
    cross join (
        values (0, 1, 1, 1), (1, -1, 0, 0), (7, 0, -1, 0), (30, 0, 0, -1)
    ) as edges (days_later, dau_change, wau_change, mau_change)
),

active_user_changes as (
    select
        user_type,
        cast(sum(dau_change) as bigint) as dau_change,
        cast(sum(wau_change) as bigint) as wau_change,
        cast(sum(mau_change) as bigint) as mau_change,
        changed_date
    from window_edges
    group by user_type, changed_date
),

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
