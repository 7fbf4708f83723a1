with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

eligible_activity as (
    select
        activity.user_key,
        activity.activity_type,
        users.user_type,
        {{ reporting_date('activity.occurred_at') }} as activity_date
    from activity
    inner join users
        on activity.user_key = users.user_key
    where {{ is_eligible_user('users') }}
),

final as (
    select
        user_key,

        user_type,
        activity_type,

        count(*) as activity_count,

        activity_date
    from eligible_activity
    group by user_key, user_type, activity_type, activity_date
)

select * from final
