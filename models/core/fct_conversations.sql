with

conversations as (select * from {{ ref('stg_assistant__conversations') }}),

turns as (select * from {{ ref('int_conversation_turns') }}),

tools as (select * from {{ ref('int_conversation_tools') }}),

jobs as (select * from {{ ref('fct_service_jobs') }}),

actions as (
    select * from {{ ref('stg_assistant__user_actions') }}
    where user_action = 'credit_limit'
),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'assistant'
),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'assistant'
),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('assistant_parameters') }}),

known as (
    select
        conversations.conversation_id,
        conversations.conversation_id_hash,
        conversations.assistant_user_id,
        identities.user_key,
        coalesce(conversations.deleted_at <= as_of.as_of, false) as is_deleted,
        conversations.created_at as started_at,
        greatest(turns.last_message_at, conversations.created_at) as ended_at
    from conversations
    inner join identities
        on conversations.assistant_user_id = identities.source_id
    inner join as_of
        on conversations.created_at <= as_of.as_of
    left join turns
        on conversations.conversation_id = turns.conversation_id
),

results as (
    select
        conversation_id,
        count(*) filter (where status = 'completed') as jobs_ok,
        count(*) filter (where status = 'failed') as jobs_failed,
        coalesce(bool_or(error_kind = 'out_of_credits'), false)
            as is_out_of_credits,
        sum(credits_used) as credits_used
    from jobs
    where conversation_id is not null
    group by conversation_id
),

limited as (
    select distinct known.conversation_id
    from known
    cross join parameters
    inner join actions
        on
            known.assistant_user_id = actions.assistant_user_id
            and known.started_at <= actions.created_at
            and known.ended_at
            + parameters.credit_limit_minutes * interval '1 minute'
            >= actions.created_at
),

final as (
    select
        known.conversation_id_hash as conversation_id,
        known.user_key,

        tools.main_tool,
        case
            when
                known.ended_at + parameters.open_hours * interval '1 hour'
                > coverage.known_until_at
                then 'open'
            when
                limited.conversation_id is not null
                or results.is_out_of_credits
                then 'blocked_by_credits'
            when results.jobs_failed > 0 and results.jobs_ok = 0 then 'failed'
            when turns.is_answered then 'completed'
            else 'abandoned'
        end as completion_status,

        coalesce(turns.user_turns, 0) as user_turns,
        coalesce(turns.assistant_turns, 0) as assistant_turns,
        coalesce(turns.tool_turns, 0) as tool_turns,
        coalesce(turns.characters, 0) as characters,
        {{ seconds_between('known.started_at', 'known.ended_at') }} / 60
            as minutes,
        turns.longest_gap_minutes,
        coalesce(tools.tool_count, 0) as tool_count,
        coalesce(results.jobs_ok, 0) as jobs_ok,
        coalesce(results.jobs_failed, 0) as jobs_failed,
        coalesce(results.credits_used, 0) as credits_used,

        known.is_deleted,

        known.started_at,
        known.ended_at
    from known
    cross join coverage
    cross join parameters
    left join turns
        on known.conversation_id = turns.conversation_id
    left join tools
        on known.conversation_id = tools.conversation_id
    left join results
        on known.conversation_id_hash = results.conversation_id
    left join limited
        on known.conversation_id = limited.conversation_id
)

select * from final
