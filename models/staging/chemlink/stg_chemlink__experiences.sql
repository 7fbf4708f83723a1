with

source as (select * from {{ source('chemlink', 'experiences') }}),

renamed as (
    select
        id as experience_id,
        person_id,
        company_id,
        project_id,
        role_id,
        location_id,

        lower(type) as experience_type,
        city,

        coalesce(trim(both ' ' from start_date), '') <> '' as has_start,
        -- no end means that it lasts
        lower(trim(both ' ' from coalesce(end_date, ''))) in ('', 'present')
            as is_current,
        coalesce(deleted_at, _deleted_in_source_at) is not null as is_deleted,

        {{ month_start('start_date') }} as start_month,
        {{ month_start('end_date') }} as end_month,

        created_at,
        updated_at,
        coalesce(deleted_at, _deleted_in_source_at) as deleted_at
    from source
)

select * from renamed
