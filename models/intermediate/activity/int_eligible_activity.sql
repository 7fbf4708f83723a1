with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

final as (
    select
        activity.event_key,
        activity.user_key,

        activity.activity_type,
        activity.source_table,
        activity.source_id,

        {{ reporting_date('activity.occurred_at') }} as metric_date,

        activity.occurred_at
    from activity
    inner join users
        on activity.user_key = users.user_key
    where {{ is_eligible_user('users') }}
)

select * from final
