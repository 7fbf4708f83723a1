with

source as (select * from {{ source('engagement', 'posts') }}),

renamed as (
    select
        id as post_id,
        person_id as author_person_id,
        group_id,
        pinned_by as pinned_by_person_id,

        lower(type) as post_type,
        lower(status) as status,

        coalesce(link_has_preview, false) as has_link_preview,
        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
