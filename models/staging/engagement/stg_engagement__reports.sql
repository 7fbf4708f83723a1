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

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'reviewed_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('reviewed_at') }} as reviewed_at,
        {{ deletion_time() }} as deleted_at,
        {{ changed_time('reviewed_at', 'deleted_at') }} as changed_at
    from source
)

select * from renamed
