with

source as (select * from {{ source('chemlink', 'view_access') }}),

renamed as (
    select
        id as access_grant_id,
        person_id,

        lower(type) as grant_type,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'created_at',
            'expiry',
            'updated_at',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('expiry') }} as expires_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
