with

persons as (select * from {{ ref('stg_engagement__persons') }}),

messages as (select * from {{ ref('stg_engagement__messages') }}),

message_reads as (select * from {{ ref('stg_engagement__message_reads') }}),

message_reactions as (
    select * from {{ ref('stg_engagement__message_reactions') }}
),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'engagement.message_reads.message_id' as subject,
        'message' as parent,
        message_id as parent_id,
        read_at as created_at
    from message_reads

    union all

    select
        'engagement.message_reads.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        read_at as created_at
    from message_reads

    union all

    select
        'engagement.message_reactions.message_id' as subject,
        'message' as parent,
        message_id as parent_id,
        created_at
    from message_reactions

    union all

    select
        'engagement.message_reactions.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from message_reactions
),

parents as (
    select 'message' as parent, message_id as parent_id from messages
    union all
    select 'person' as parent, person_id as parent_id from persons
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
