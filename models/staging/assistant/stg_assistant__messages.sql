with

source as (select * from {{ source('assistant', 'messages') }}),

renamed as (
    select
        id as message_id,
        conversation_id,

        lower(role) as message_role,
        lower(tool_name) as tool,

        content_length as character_count,

        {{ has_implausible_time('created_at') }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
