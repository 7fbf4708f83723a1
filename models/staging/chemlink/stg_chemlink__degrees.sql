with

source as (select * from {{ source('chemlink', 'degrees') }}),

renamed as (
    select
        id as degree_id,

        -- environments differ in what they call this column
        trim(both ' ' from coalesce(name, title)) as degree_name,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
