with

source as (select * from {{ source('chemlink', 'embeddings') }}),

renamed as (
    select
        id as finder_profile_id,
        person_id,

        lower(type) as profile_type,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
