with

source as (select * from {{ source('engagement', 'messages') }}),

renamed as (
    select
        id as message_id,
        conversation_id,
        sender_id as sender_person_id,

        lower(type) as message_type,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
