with

source as (select * from {{ source('engagement', 'message_reactions') }}),

renamed as (
    select
        message_id,
        person_id,

        reaction,

        {{ has_implausible_time('created_at') }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
