with

source as (select * from {{ source('chemlink', 'roles') }}),

renamed as (
    select
        id as role_id,

        -- environments differ in what they call this column
        trim(both ' ' from coalesce(name, title)) as role_name,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
