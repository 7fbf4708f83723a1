with

persons as (select * from {{ ref('stg_engagement__persons') }}),

conversations as (select * from {{ ref('stg_engagement__conversations') }}),

conversation_participants as (
    select * from {{ ref('stg_engagement__conversation_participants') }}
),

messages as (select * from {{ ref('stg_engagement__messages') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.conversations.created_by' as subject,
        'person' as parent,
        creator_person_id as parent_id,
        created_at
    from conversations

    union all

    select
        'engagement.conversation_participants.conversation_id' as subject,
        'conversation' as parent,
        conversation_id as parent_id,
        created_at
    from conversation_participants

    union all

    select
        'engagement.conversation_participants.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from conversation_participants

    union all

    select
        'engagement.messages.conversation_id' as subject,
        'conversation' as parent,
        conversation_id as parent_id,
        created_at
    from messages

    union all

    select
        'engagement.messages.sender_id' as subject,
        'person' as parent,
        sender_person_id as parent_id,
        created_at
    from messages
),

parents as (
    select 'person' as parent, person_id as parent_id from persons
    union all
    select
        'conversation' as parent,
        conversation_id as parent_id
    from conversations
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
