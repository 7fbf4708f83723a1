with

conversations as (select * from {{ ref('stg_assistant__conversations') }}),

jobs as (select * from {{ ref('stg_assistant__service_jobs') }}),

actions as (select * from {{ ref('stg_assistant__user_actions') }}),

unioned as (
    select
        assistant_user_id,
        'conversation_started' as activity_type,
        'conversations' as source_table,
        conversation_id as source_id,
        created_at as occurred_at
    from conversations

    union all

    select
        assistant_user_id,
        'result_made' as activity_type,
        'service_jobs' as source_table,
        job_id as source_id,
        coalesce(completed_at, created_at) as occurred_at
    from jobs
    where status = 'completed'

    union all

    select
        assistant_user_id,
        case user_action
            when 'download' then 'result_downloaded'
            when 'share' then 'result_shared'
            else 'credit_limit_reached'
        end as activity_type,
        'user_actions' as source_table,
        user_action_id as source_id,
        created_at as occurred_at
    from actions
    where user_action in ('download', 'share', 'credit_limit')
),

final as (
    select
        assistant_user_id as account_id,
        activity_type,
        'assistant' as source_system,
        source_table,
        source_id,
        occurred_at
    from unioned
)

select * from final
