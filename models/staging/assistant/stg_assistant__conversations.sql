with

source as (select * from {{ source('assistant', 'conversations') }}),

renamed as (
    select
        id as conversation_id,
        id_hash as conversation_id_hash,
        user_id as assistant_user_id,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
