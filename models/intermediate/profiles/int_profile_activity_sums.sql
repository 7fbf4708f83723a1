with

dates as (select * from {{ ref('dim_date') }}),

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

user_changes as (
    select
        user_key,
        changed_date,
        sum(user_change) as user_change,
        sum(score_change) as score_change,
        sum(active_change) as active_change
    from edges
    group by user_key, changed_date
),

levels as (
    select
        user_key,
        cast(sum(score_change) over by_user as bigint)
            as profile_completion_score,
        sum(user_change) over by_user = 1 as has_profile,
        sum(active_change) over by_user = 1 as is_active_later,
        changed_date
    from user_changes
    window by_user as (partition by user_key order by changed_date)
),

measured as (
    select
        user_key,
        changed_date,
        case when has_profile then 1 else 0 end as users,
        profile_completion_score as score,
        profile_completion_score * profile_completion_score as squared_score,
        case when has_profile and is_active_later then 1 else 0 end
            as active_users,
        case when is_active_later then profile_completion_score else 0 end
            as active_score
    from levels
),

differences as (
    select
        changed_date,
        users - lag(users, 1, 0) over by_user as users,
        score - coalesce(lag(score) over by_user, 0) as score,
        squared_score - coalesce(lag(squared_score) over by_user, 0)
            as squared_score,
        active_users - lag(active_users, 1, 0) over by_user as active_users,
        active_score - coalesce(lag(active_score) over by_user, 0)
            as active_score
    from measured
    window by_user as (partition by user_key order by changed_date)
),

changes as (
    select
        changed_date,
        sum(users) as users,
        sum(score) as score,
        sum(squared_score) as squared_score,
        sum(active_users) as active_users,
        sum(active_score) as active_score
    from differences
    group by changed_date
),

final as (
    select
        cast(sum(changes.users) over by_day as bigint) as users,
        cast(sum(changes.score) over by_day as bigint) as score_sum,
        cast(sum(changes.squared_score) over by_day as bigint)
            as squared_score_sum,
        cast(sum(changes.active_users) over by_day as bigint)
            as later_active_users,
        cast(sum(changes.active_score) over by_day as bigint)
            as later_active_score_sum,

        dates.date_day
    from dates
    left join changes
        on dates.date_day = changes.changed_date
    window by_day as (order by dates.date_day)
)

select * from final
