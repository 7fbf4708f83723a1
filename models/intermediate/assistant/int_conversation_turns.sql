with

messages as (select * from {{ ref('stg_assistant__messages') }}),

as_of as (select * from {{ ref('int_as_of') }}),

known as (
    select
        messages.conversation_id,
        messages.message_role,
        messages.character_count,
        messages.created_at,
        messages.message_role in ('user', 'tool') as is_asking,
        lag(messages.created_at) over (
            partition by messages.conversation_id
            order by messages.created_at
        ) as previous_created_at
    from messages
    inner join as_of
        on messages.created_at <= as_of.as_of
),

final as (
    select
        conversation_id,

        count(*) filter (where message_role = 'user') as user_turns,
        count(*) filter (where message_role = 'assistant') as assistant_turns,
        count(*) filter (where message_role = 'tool') as tool_turns,
        cast(coalesce(sum(character_count), 0) as bigint) as characters,
        max({{ seconds_between('previous_created_at', 'created_at') }}) / 60
            as longest_gap_minutes,

        coalesce(
            max(created_at) filter (where message_role = 'assistant')
            >= max(created_at) filter (where is_asking),
            max(created_at) filter (where is_asking) is null
        ) as is_answered,

        max(created_at) as last_message_at
    from known
    group by conversation_id
)

select * from final
