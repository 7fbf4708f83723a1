with

source as (select * from {{ source('engagement', 'groups') }}),

renamed as (
    select
        id as group_id,
        created_by as creator_person_id,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
