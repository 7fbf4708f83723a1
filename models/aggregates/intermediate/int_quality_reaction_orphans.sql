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
    select
        'orphans' as check_name,
        links.subject,

        count(*) filter (where parents.parent_id is null) as numerator,
        count(*) as denominator
    from links
    inner join as_of
        on links.created_at <= as_of.as_of
    left join parents
        on
            links.parent = parents.parent
            and links.parent_id = parents.parent_id
    where links.parent_id is not null
    group by links.subject
)

select * from final
