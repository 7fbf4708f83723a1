with

source as (select * from {{ source('engagement', 'comments') }}),

renamed as (
    select
        id as comment_id,
        post_id,
        person_id as author_person_id,
        parent_comment_id,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
