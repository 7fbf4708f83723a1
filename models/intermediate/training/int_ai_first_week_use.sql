with

weeks as (select * from {{ ref('int_ai_first_weeks') }}),

conversations as (select * from {{ ref('stg_assistant__conversations') }}),

messages as (select * from {{ ref('stg_assistant__messages') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'assistant'
),

jobs as (select * from {{ ref('fct_service_jobs') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

turns as (
    select
        weeks.user_key,
        count(*) filter (where messages.message_role = 'user') as user_turns,
        count(*) filter (where messages.message_role = 'assistant')
            as assistant_turns
    from weeks
    inner join identities
        on weeks.user_key = identities.user_key
    inner join conversations
        on identities.source_id = conversations.assistant_user_id
    inner join messages
        on conversations.conversation_id = messages.conversation_id
    where
        messages.created_at >= weeks.starts_at
        and messages.created_at < weeks.as_of_at
    group by weeks.user_key
),

-- a job that ended later had no outcome yet, and had cost nothing
tried as (
    select
        weeks.user_key,
        jobs.service,
        jobs.credits_used,
        jobs.error_kind,
        case
            when coalesce(jobs.completed_at, jobs.created_at) < weeks.as_of_at
                then jobs.status
        end as status
    from weeks
    inner join jobs
        on weeks.user_key = jobs.user_key
    where
        jobs.created_at >= weeks.starts_at
        and jobs.created_at < weeks.as_of_at
),

results as (
    select
        user_key,
        count(*) as jobs_started,
        count(distinct service) as tool_count,
        count(*) filter (where status = 'completed') as jobs_ok,
        count(*) filter (where status = 'failed') as jobs_failed,
        count(*) filter (
            where status = 'failed' and error_kind = 'out_of_credits'
        ) as out_of_credits_count,
        sum(credits_used) filter (where status is not null) as credits_used
    from tried
    group by user_key
),

actions as (
    select
        weeks.user_key,
        count(*) filter (where activity.activity_type = 'result_downloaded')
            as download_count,
        count(*) filter (where activity.activity_type = 'result_shared')
            as share_count,
        count(*) filter (where activity.activity_type = 'credit_limit_reached')
            as credit_limit_count
    from weeks
    inner join activity
        on weeks.user_key = activity.user_key
    where
        activity.occurred_at >= weeks.starts_at
        and activity.occurred_at < weeks.as_of_at
    group by weeks.user_key
),

final as (
    select
        weeks.user_key,

        coalesce(turns.user_turns, 0) as user_turns,
        coalesce(turns.assistant_turns, 0) as assistant_turns,
        coalesce(results.tool_count, 0) as tool_count,
        coalesce(results.jobs_started, 0) as jobs_started,
        coalesce(results.jobs_ok, 0) as jobs_ok,
        coalesce(results.jobs_failed, 0) as jobs_failed,
        coalesce(results.credits_used, 0) as credits_used,
        coalesce(actions.download_count, 0) as download_count,
        coalesce(actions.share_count, 0) as share_count,

        coalesce(results.out_of_credits_count, 0)
        + coalesce(actions.credit_limit_count, 0) > 0 as has_used_up_credits
    from weeks
    left join turns
        on weeks.user_key = turns.user_key
    left join results
        on weeks.user_key = results.user_key
    left join actions
        on weeks.user_key = actions.user_key
)

select * from final
