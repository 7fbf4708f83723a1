with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

final as (
    select
        user_key,

        count(*) as activity_count,

        min(occurred_at) as first_activity_at,
        max(occurred_at) as last_activity_at,
        min(occurred_at) filter (where is_activation) as activated_at,
        min(occurred_at) filter (where source_system in ('app', 'posthog'))
            as app_first_activity_at
    from activity
    group by 1
)

select * from final
