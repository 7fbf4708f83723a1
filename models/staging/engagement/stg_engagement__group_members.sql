with

source as (select * from {{ source('engagement', 'group_members') }}),

renamed as (
    select
        id as group_member_id,
        group_id,
        person_id,

        lower(role) as member_role,

        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        created_at,
        confirmed_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
