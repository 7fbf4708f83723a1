with

source as (select * from {{ source('chemlink', 'person_languages') }}),

renamed as (
    select
        id as person_language_id,
        person_id,
        language_id,

        lower(proficiency) as proficiency,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
