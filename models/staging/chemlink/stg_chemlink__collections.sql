with

source as (select * from {{ source('chemlink', 'collections') }}),

renamed as (
    select
        id as collection_id,
        person_id as creator_person_id,

        lower(privacy) as privacy,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at,
        {{ changed_time('updated_at', 'deleted_at') }} as changed_at
    from source
)

select * from renamed
