with

source as (select * from {{ source('posthog', 'person_distinct_ids') }}),

-- spellings that differ in case only share a hash
ranked as (
    select
        *,
        row_number() over (
            partition by distinct_id_hash
            order by coalesce(version, 0) desc, person_id asc nulls last
        ) as recency
    from source
),

renamed as (
    select
        distinct_id_hash,
        person_id as posthog_person_id,

        version as mapping_version,

        coalesce(is_deleted, false) as is_deleted
    from ranked
    where recency = 1 and distinct_id_hash is not null
)

select * from renamed
