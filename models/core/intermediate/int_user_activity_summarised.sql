with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

-- one column per type that a score or a funnel needs
final as (
    select
        user_key,

        count(*) as activity_count,
        count(*) filter (where activity_type = 'post') as post_count,
        count(*) filter (where activity_type = 'comment') as comment_count,
        count(*) filter (where activity_type = 'mention') as mention_count,
        count(*) filter (where activity_type = 'vote') as vote_count,
        count(*) filter (where activity_type = 'collection_created')
            as collection_count,
        count(*) filter (where activity_type = 'collection_shared')
            as share_count,
        count(*) filter (where activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity_type = 'login') as login_count,
        count(*) filter (where activity_type = 'sessions') as session_count,

        min(occurred_at) as first_activity_at,
        max(occurred_at) as last_activity_at,
        min(occurred_at) filter (where is_activation) as activated_at,
        min(occurred_at) filter (where source_system in ('app', 'posthog'))
            as app_first_activity_at
    from activity
    group by 1
)

select * from final
