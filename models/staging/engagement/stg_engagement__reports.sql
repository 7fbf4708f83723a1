with

source as (select * from {{ source('engagement', 'reports') }}),

renamed as (
    select
        id as report_id,
        reporter_id as reporter_person_id,
        reported_post_id,
        reported_comment_id,

        lower(reason) as report_reason,
        lower(status) as status,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        reviewed_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at,
        greatest(
            created_at, reviewed_at, coalesce(deleted_at, _deleted_in_source_at)
        ) as changed_at
    from source
)

select * from renamed
