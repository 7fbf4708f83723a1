with

source as (select * from {{ source('neon', 'notification_layers') }}),

renamed as (
    select
        id as layer_id,

        trim(both ' ' from name) as layer_name,
        description,

        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
