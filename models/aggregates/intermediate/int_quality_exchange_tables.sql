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
        deleted_at
    from mentions

    union all

    select
        'engagement.reports' as subject,
        created_at,
        reviewed_at as updated_at,
        deleted_at
    from reports

    union all

    select
        'engagement.conversations' as subject,
        created_at,
        updated_at,
        deleted_at
    from conversations

    union all

    select
        'engagement.conversation_participants' as subject,
        created_at,
        updated_at,
        deleted_at
    from conversation_participants

    union all

    select
        'engagement.messages' as subject,
        created_at,
        updated_at,
        deleted_at
    from messages
),

dated_rows as (
    select
        subject,
        created_at,
        deleted_at,
        least(created_at, updated_at, deleted_at) as oldest_at,
        greatest(created_at, updated_at, deleted_at) as newest_at
    from table_rows
),

final as (
    select
        dated_rows.subject,

        {{ quality_counts('dated_rows', 'as_of') }}
    from dated_rows
    cross join as_of
    group by dated_rows.subject
)

select * from final
