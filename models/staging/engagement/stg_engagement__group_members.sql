with

source as (select * from {{ source('engagement', 'group_members') }}),

renamed as (
    select
        id as group_member_id,
        group_id,
        person_id,

        lower(role) as member_role,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'created_at',
            'confirmed_at',
            'updated_at',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('confirmed_at') }} as confirmed_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
