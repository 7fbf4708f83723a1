with

source as (select * from {{ source('engagement', 'messages') }}),

renamed as (
    select
        id as message_id,
        conversation_id,
        sender_id as sender_person_id,

        lower(type) as message_type,

        -- nobody wrote these
        coalesce(lower(type) in ('system', 'notification'), false)
            as is_automatic,
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
