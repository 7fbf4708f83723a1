with

messages as (
    select * from {{ ref('stg_assistant__messages') }}
    where message_role = 'user'
),

conversations as (select * from {{ ref('stg_assistant__conversations') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'assistant'
),

users as (select * from {{ ref('int_assistant_users') }}),

jobs as (select * from {{ ref('fct_service_jobs') }}),

tiers as (select * from {{ ref('insight_tiers') }}),

as_of as (select * from {{ ref('int_as_of') }}),

talks as (
    select
        identities.user_key,
        {{ reporting_date('messages.created_at') }} as day,
        count(*) as turn_count
    from messages
    inner join conversations
        on messages.conversation_id = conversations.conversation_id
    inner join identities
        on conversations.assistant_user_id = identities.source_id
    inner join as_of
        on messages.created_at <= as_of.as_of
    where coalesce(conversations.deleted_at > as_of.as_of, true)
    group by 1, 2
),

job_days as (
    select
        user_key,
        {{ reporting_date('created_at') }} as day,
        count(*) filter (where status = 'failed') as failed_job_count,
        sum(credits_used) as credits_used
    from jobs
    group by 1, 2
),

-- of services used as often, any, but the same one on every engine
services as (
    select
        user_key,
        {{ reporting_date('created_at') }} as day,
        service,
        row_number() over (
            partition by user_key, {{ reporting_date('created_at') }}
            order by count(*) desc, md5(service) asc nulls last
        ) as service_rank
    from jobs
    group by 1, 2, 3
),

activations as (
    select
        user_key,
        {{ reporting_date('min(created_at)') }} as activated_on
    from jobs
    where status = 'completed'
    group by 1
),

active as (
    select
        talks.day,
        count(*) as active_people
    from talks
    inner join users
        on talks.user_key = users.user_key
    where users.is_eligible
    group by 1
),

-- the smallest tier that has room
tiered as (
    select
        active.day,
        active.active_people,
        tiers.tier,
        tiers.is_stratified,
        tiers.sample_size,
        row_number() over (
            partition by active.day
            order by tiers.max_active_people is null, tiers.max_active_people
        ) as tier_rank
    from active
    inner join tiers
        on
            tiers.max_active_people is null
            or active.active_people <= tiers.max_active_people
),

final as (
    select
        talks.user_key,

        tiered.tier,
        case
            when activations.activated_on <= talks.day then 'activated'
            else 'new'
        end
        || '/' || coalesce(services.service, 'none')
        || '/' || case
            when job_days.failed_job_count > 0 then 'failed'
            else 'sound'
        end as segment,

        coalesce(tiered.active_people, 0) as active_people,
        tiered.sample_size,
        talks.turn_count,
        coalesce(job_days.failed_job_count, 0) as failed_job_count,
        coalesce(job_days.credits_used, 0) as credits_used,

        coalesce(tiered.is_stratified, false) as is_stratified,

        talks.day
    from talks
    left join tiered
        on talks.day = tiered.day and tiered.tier_rank = 1
    left join job_days
        on talks.user_key = job_days.user_key and talks.day = job_days.day
    left join services
        on
            talks.user_key = services.user_key
            and talks.day = services.day
            and services.service_rank = 1
    left join activations
        on talks.user_key = activations.user_key
)

select * from final
