with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

final as (
    select
        user_key,
        activity_type,

        count(*) as activity_count,

        min(occurred_at) as first_activity_at,
        max(occurred_at) as last_activity_at
    from activity
    group by
        user_key,
        activity_type
)

select * from final
