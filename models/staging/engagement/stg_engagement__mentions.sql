with

source as (select * from {{ source('engagement', 'mentions') }}),

renamed as (
    select
        id as mention_id,
        post_id,
        comment_id,
        mentioned_person_id,
        mentioned_by_person_id as mentioning_person_id,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
