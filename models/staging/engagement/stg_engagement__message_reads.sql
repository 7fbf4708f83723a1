with

source as (select * from {{ source('engagement', 'message_reads') }}),

renamed as (
    select
        id as message_read_id,
        message_id,
        person_id,

        {{ has_implausible_time('read_at') }} as has_implausible_time,

        {{ plausible_time('read_at') }} as read_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
