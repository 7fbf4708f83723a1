with

users as (select * from {{ ref('dim_users') }}),

user_activity as (
    select
        user_key,
        sum(activity_count) as activity_count
    from {{ ref('agg_user_activity') }}
    group by user_key
)

select users.user_key
from users
left join user_activity
    on users.user_key = user_activity.user_key
where users.activity_count <> coalesce(user_activity.activity_count, 0)
