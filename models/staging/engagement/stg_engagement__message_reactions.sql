with

source as (select * from {{ source('engagement', 'message_reactions') }}),

renamed as (
    select
        message_id,
        person_id,

        reaction,

        created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
