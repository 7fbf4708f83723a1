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
        -- the app says 0 for a live row, else the second of the deletion
        coalesce(deleted_at, 0) <> 0
        or _deleted_in_source_at is not null as is_deleted,

        created_at,
        coalesce(
            to_timestamp(nullif(deleted_at, 0)), _deleted_in_source_at
        ) as deleted_at
    from source
)

select * from renamed
