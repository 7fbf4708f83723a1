with

active_days as (select * from {{ ref('int_user_active_days') }}),

-- an active day takes a user into each window; its end takes them out again, or
-- the next active day, which takes them in anew: so nobody counts twice
changes as (
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

final as (
    select
        user_type,

        cast(sum(dau_change) as bigint) as dau_change,
        cast(sum(wau_change) as bigint) as wau_change,
        cast(sum(mau_change) as bigint) as mau_change,

        changed_date
    from changes
    group by user_type, changed_date
)

select * from final
