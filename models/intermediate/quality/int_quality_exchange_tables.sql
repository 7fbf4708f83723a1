with

mentions as (select * from {{ ref('stg_engagement__mentions') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

conversations as (select * from {{ ref('stg_engagement__conversations') }}),

conversation_participants as (
    select * from {{ ref('stg_engagement__conversation_participants') }}
),

messages as (select * from {{ ref('stg_engagement__messages') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'engagement.mentions' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        deleted_at,
        has_implausible_time
    from mentions

    union all

    select
        'engagement.reports' as subject,
        created_at,
        reviewed_at as updated_at,
        deleted_at,
        has_implausible_time
    from reports

    union all

    select
        'engagement.conversations' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from conversations

    union all

    select
        'engagement.conversation_participants' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from conversation_participants

    union all

    select
        'engagement.messages' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from messages
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
