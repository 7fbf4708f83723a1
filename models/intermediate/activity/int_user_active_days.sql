with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

active_days as (
    select distinct
        activity.user_key,
        users.user_type,
        {{ reporting_date('activity.occurred_at') }} as active_date
    from activity
    inner join users
        on activity.user_key = users.user_key
    where
        activity.is_own_action
        and {{ is_eligible_user('users') }}
),

final as (
    select
        user_key,

        user_type,

        active_date,
        lead(active_date) over (
            partition by user_key
            order by active_date
        ) as next_active_date
    from active_days
)

select * from final
