with

source as (select * from {{ source('posthog', 'person_distinct_ids') }}),

renamed as (
    select
        distinct_id_hash,
        person_id as posthog_person_id,

        version as mapping_version,

        coalesce(is_deleted, false) as is_deleted
    from source
)

select * from renamed
