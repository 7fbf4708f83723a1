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
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
