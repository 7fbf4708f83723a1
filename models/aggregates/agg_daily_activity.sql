with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

counted_activity as (
    select
        activity.user_key,
        activity.activity_type,
        users.user_type,
        {{ reporting_date('activity.occurred_at') }} as metric_date
    from activity
    inner join users
        on activity.user_key = users.user_key
    where {{ is_counted_user('users') }}
),

-- one row per user first, so that nobody needs to be told apart again
actors as (
    select
        metric_date,
        user_type,
        activity_type,
        user_key,
        count(*) as activity_count
    from counted_activity
    group by 1, 2, 3, 4
),

final as (
    select
        metric_date,

        user_type,
        activity_type,

        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count
    from actors
    group by 1, 2, 3

    union all

    select
        metric_date,

        'all' as user_type,
        activity_type,

        cast(sum(activity_count) as bigint) as activity_count,
        count(*) as actor_count
    from actors
    group by 1, 2, 3
)

select * from final
