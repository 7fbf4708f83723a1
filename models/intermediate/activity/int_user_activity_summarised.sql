with

activity as (
    select * from {{ ref('fct_user_activity') }}
    where is_own_action
),

-- the types of the app are a seed, so there is no column for each
final as (
    select
        user_key,

        count(*) as activity_count,
        count(*) filter (where activity_type = 'post') as post_count,
        count(*) filter (where activity_type = 'comment') as comment_count,
        count(*) filter (where activity_type = 'mention') as mention_count,
        count(*) filter (where activity_type = 'group_created') as group_count,
        count(*) filter (where activity_type = 'group_joined')
            as group_join_count,
        count(*) filter (where activity_type = 'report_filed') as report_count,
        count(*) filter (where activity_type = 'vote') as vote_count,
        count(*) filter (where activity_type = 'collection_created')
            as collection_count,
        count(*) filter (where activity_type = 'collection_shared')
            as share_count,
        count(*) filter (where activity_type = 'profile_added_to_collection')
            as profile_add_count,
        count(*) filter (where activity_type = 'experience_added')
            as experience_count,
        count(*) filter (where activity_type = 'education_added')
            as education_count,
        count(*) filter (where activity_type = 'message_sent')
            as message_count,
        count(*) filter (where activity_type = 'login') as login_count,
        count(*) filter (where activity_type = 'sessions') as session_count,
        count(*) filter (
            where source_system in ('app', 'posthog')
            and activity_type <> 'sessions'
        ) as app_action_count,

        min(occurred_at) as first_activity_at,
        max(occurred_at) as last_activity_at,
        min(occurred_at) filter (where is_activation) as activated_at,
        min(occurred_at) filter (where source_system in ('app', 'posthog'))
            as app_first_activity_at
    from activity
    group by 1
)

select * from final
