with

source as (select * from {{ source('neon', 'wishlist_items') }}),

renamed as (
    select
        id as wishlist_item_id,
        user_id,
        product_variant_id,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
