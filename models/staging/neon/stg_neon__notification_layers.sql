with

source as (select * from {{ source('neon', 'notification_layers') }}),

renamed as (
    select
        -- layer 5 was called 0 formerly
        case when id = 0 then 5 else id end as layer_id,

        trim(both ' ' from name) as layer_name,
        description,

        _deleted_in_source_at as deleted_in_source_at
    from source
    where id <> 0 or 5 not in (select layers.id from source as layers)
)

select * from renamed
