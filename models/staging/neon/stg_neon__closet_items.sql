with

source as (select * from {{ source('neon', 'inventory_items') }}),

renamed as (
    select
        id as closet_item_id,
        user_id,
        product_variant_id,
        previous_inventory_item_id as previous_closet_item_id,

        lower(status) as status,

        previous_inventory_item_id is not null as is_from_trade,
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
