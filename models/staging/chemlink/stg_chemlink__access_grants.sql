with

source as (select * from {{ source('chemlink', 'view_access') }}),

renamed as (
    select
        id as access_grant_id,
        person_id,

        lower(type) as grant_type,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        expiry as expires_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
