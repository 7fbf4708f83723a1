with

dates as (select * from {{ ref('dim_date') }}),

levels as (select * from {{ ref('int_profile_activity_levels') }}),

valued as (
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
    from valued
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
