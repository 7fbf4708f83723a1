with

source as (select * from {{ source('chemlink', 'education') }}),

renamed as (
    select
        id as education_id,
        person_id,
        school_id,
        degree_id,

        field_of_study,

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
