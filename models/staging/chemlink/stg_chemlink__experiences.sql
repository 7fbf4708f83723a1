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
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'updated_at', 'deleted_at') }}
            as has_implausible_time,

        {{ month_start('start_date') }} as start_month,
        {{ month_start('end_date') }} as end_month,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('updated_at') }} as updated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
