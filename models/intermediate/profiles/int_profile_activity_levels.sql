with

profile_days as (select * from {{ ref('int_profile_days') }}),

active_days as (
    select
        *,
        lag(active_date) over (
            partition by user_key
            order by active_date
        ) as last_active_date
    from {{ ref('int_user_active_days') }}
),

-- an activity lies ahead in the 30 days before it; where that of another one
-- begins before it ends, nothing changes in between
edges as (
    select
        user_key,
        first_date as changed_date,
        1 as user_change,
        profile_completion_score as score_change,
        0 as active_change
    from profile_days

    union all

    select
        user_key,
        changed_date,
        -1 as user_change,
        -profile_completion_score as score_change,
        0 as active_change
    from profile_days
    where changed_date is not null

    union all

    select
        user_key,
        active_date - 30 as changed_date,
        0 as user_change,
        0 as score_change,
        1 as active_change
    from active_days
    where last_active_date is null or last_active_date < active_date - 30

    union all

    select
        user_key,
        active_date as changed_date,
        0 as user_change,
        0 as score_change,
        -1 as active_change
    from active_days
    where next_active_date is null or active_date < next_active_date - 30
),

changes as (
    select
        user_key,
        changed_date,
        sum(user_change) as user_change,
        sum(score_change) as score_change,
        sum(active_change) as active_change
    from edges
    group by user_key, changed_date
),

final as (
    select
        user_key,

        cast(sum(score_change) over by_user as bigint)
            as profile_completion_score,

        sum(user_change) over by_user = 1 as has_profile,
        sum(active_change) over by_user = 1 as is_active_later,

        changed_date
    from changes
    window by_user as (partition by user_key order by changed_date)
)

select * from final
