with

source as (select * from {{ source('chemlink', 'collections') }}),

renamed as (
    select
        id as collection_id,
        person_id as creator_person_id,

        lower(privacy) as privacy,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at,
        greatest(
            created_at, updated_at, coalesce(deleted_at, _deleted_in_source_at)
        ) as changed_at
    from source
)

select * from renamed
