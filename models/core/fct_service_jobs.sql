with

jobs as (select * from {{ ref('stg_assistant__service_jobs') }}),

conversations as (select * from {{ ref('stg_assistant__conversations') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'assistant'
),

error_kinds as (select * from {{ ref('assistant_error_kinds') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- what ended later was still open, and had cost nothing
known as (
    select
        jobs.*,
        coalesce(jobs.completed_at > as_of.as_of, false) as is_under_way,
        as_of.as_of
    from jobs
    inner join as_of
        on jobs.created_at <= as_of.as_of
),

final as (
    select
        known.job_id_hash as job_id,
        conversations.conversation_id_hash as conversation_id,
        identities.user_key,

        coalesce(known.service, 'unknown') as service,
        case when known.is_under_way then 'open' else known.status end
            as status,
        case
            when known.status = 'failed' and not known.is_under_way
                then coalesce(error_kinds.error_kind, 'unknown')
        end as error_kind,

        case when known.is_under_way then 0 else known.credits_used end
            as credits_used,

        known.created_at,
        case when known.started_at <= known.as_of then known.started_at end
            as started_at,
        case when not known.is_under_way then known.completed_at end
            as completed_at
    from known
    inner join identities
        on known.assistant_user_id = identities.source_id
    left join conversations
        on
            known.conversation_id = conversations.conversation_id
            and known.as_of >= conversations.created_at
    left join error_kinds
        on known.error_code = error_kinds.error_code
)

select * from final
