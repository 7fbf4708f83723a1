with

source as (select * from {{ source('chemlink', 'collection_collaborators') }}),

renamed as (
    select
        id as collection_collaborator_id,
        collection_id,
        person_id as collaborator_person_id,
        added_by as added_by_person_id,

        lower(access_type) as access_type,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
