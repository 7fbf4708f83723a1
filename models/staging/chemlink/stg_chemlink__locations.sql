with

source as (select * from {{ source('chemlink', 'locations') }}),

renamed as (
    select
        id as location_id,

        -- environments differ in what they call this column
        trim(both ' ' from coalesce(name, title)) as location_name,
        country,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
