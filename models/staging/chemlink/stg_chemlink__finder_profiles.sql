with

source as (select * from {{ source('chemlink', 'embeddings') }}),

renamed as (
    select
        id as finder_profile_id,
        person_id,

        lower(type) as profile_type,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
