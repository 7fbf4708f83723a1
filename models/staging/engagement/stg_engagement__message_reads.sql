with

source as (select * from {{ source('engagement', 'message_reads') }}),

renamed as (
    select
        id as message_read_id,
        message_id,
        person_id,

        read_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
