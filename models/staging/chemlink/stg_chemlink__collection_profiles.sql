with

source as (select * from {{ source('chemlink', 'collection_profiles') }}),

renamed as (
    select
        id as collection_profile_id,
        collection_id,
        person_id as profile_person_id,
        added_by as added_by_person_id,

        rank as profile_rank,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
