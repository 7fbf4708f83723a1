with

source as (select * from {{ source('chemlink', 'companies') }}),

renamed as (
    select
        id as company_id,

        -- environments differ in what they call this column
        trim(both ' ' from coalesce(name, title)) as company_name,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
