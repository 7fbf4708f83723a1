with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'messaging'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

messages as (select * from {{ ref('stg_engagement__messages') }}),

conversations as (select * from {{ ref('stg_engagement__conversations') }}),

accounts as (
    select * from {{ ref('int_eligible_accounts') }}
    where source_system = 'engagement'
),

as_of as (select * from {{ ref('int_as_of') }}),

-- a source may not name who began a conversation
daily_conversations as (
    select
        {{ reporting_date('conversations.created_at') }} as metric_date,
        count(*) as conversations
    from conversations
    inner join as_of
        on conversations.created_at <= as_of.as_of
    left join accounts
        on
            cast(conversations.creator_person_id as {{ type_text() }})
            = accounts.account_id
    where
        accounts.account_id is not null
        or conversations.creator_person_id is null
    group by 1
),

daily_messages as (
    select
        activity.metric_date,
        count(*) as messages,
        count(distinct activity.user_key) as senders,
        count(distinct messages.conversation_id) as active_conversations
    from activity
    inner join messages
        on activity.source_id = cast(messages.message_id as {{ type_text() }})
    where activity.activity_type = 'message_sent'
    group by 1
),

final as (
    select
        days.metric_date,

        case
            when days.is_complete
                then coalesce(daily_conversations.conversations, 0)
        end as conversations,
        case when days.is_complete then coalesce(daily_messages.messages, 0) end
            as messages,
        case when days.is_complete then coalesce(daily_messages.senders, 0) end
            as senders,
        case
            when days.is_complete
                then coalesce(daily_messages.active_conversations, 0)
        end as active_conversations,

        days.is_complete
    from days
    left join daily_conversations
        on days.metric_date = daily_conversations.metric_date
    left join daily_messages
        on days.metric_date = daily_messages.metric_date
)

select * from final
