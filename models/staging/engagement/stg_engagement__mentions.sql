with

source as (select * from {{ source('engagement', 'mentions') }}),

renamed as (
    select
        id as mention_id,
        post_id,
        comment_id,
        mentioned_person_id,
        mentioned_by_person_id as mentioning_person_id,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
