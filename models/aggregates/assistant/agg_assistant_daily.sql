with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'assistant'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

conversations as (select * from {{ ref('fct_conversations') }}),

jobs as (select * from {{ ref('fct_service_jobs') }}),

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

daily_activity as (
    select
        metric_date,
        count(distinct user_key) filter (
            where activity_type <> 'credit_limit_reached'
        ) as assistant_users,
        count(*) filter (where activity_type = 'result_made') as results_made,
        count(*) filter (where activity_type = 'result_downloaded')
            as results_downloaded,
        count(*) filter (where activity_type = 'result_shared')
            as results_shared,
        count(*) filter (where activity_type = 'credit_limit_reached')
            as credit_limits_reached
    from activity
    where
        activity_type in (
            'conversation_started',
            'result_made',
            'result_downloaded',
            'result_shared',
            'credit_limit_reached'
        )
    group by 1
),

daily_conversations as (
    select
        {{ reporting_date('conversations.started_at') }} as metric_date,
        count(*) as assistant_conversations,
        avg(conversations.user_turns) as turns_per_conversation
    from conversations
    inner join users
        on conversations.user_key = users.user_key
    group by 1
),

daily_jobs as (
    select
        {{ reporting_date('jobs.created_at') }} as metric_date,
        count(*) as tool_jobs,
        count(*) filter (where jobs.status = 'failed') as failed_jobs,
        sum(jobs.credits_used) as credits_used
    from jobs
    inner join users
        on jobs.user_key = users.user_key
    group by 1
),

final as (
    select
        days.metric_date,

        coalesce(daily_activity.assistant_users, 0) as assistant_users,
        coalesce(daily_conversations.assistant_conversations, 0)
            as assistant_conversations,
        cast(daily_conversations.turns_per_conversation as {{ type_double() }})
            as turns_per_conversation,
        coalesce(daily_jobs.tool_jobs, 0) as tool_jobs,
        coalesce(daily_jobs.failed_jobs, 0) as failed_jobs,
        cast(daily_jobs.failed_jobs as {{ type_double() }})
        / daily_jobs.tool_jobs
            as failed_job_share,
        coalesce(daily_jobs.credits_used, 0) as credits_used,
        coalesce(daily_activity.results_made, 0) as results_made,
        coalesce(daily_activity.results_downloaded, 0) as results_downloaded,
        coalesce(daily_activity.results_shared, 0) as results_shared,
        coalesce(daily_activity.credit_limits_reached, 0)
            as credit_limits_reached
    from days
    left join daily_activity
        on days.metric_date = daily_activity.metric_date
    left join daily_conversations
        on days.metric_date = daily_conversations.metric_date
    left join daily_jobs
        on days.metric_date = daily_jobs.metric_date
    where days.is_complete
)

select * from final
