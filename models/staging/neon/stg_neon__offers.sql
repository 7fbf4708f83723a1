with

source as (select * from {{ source('neon', 'offers') }}),

renamed as (
    select
        id as offer_id,
        creator_user_id,
        receiver_user_id,
        original_offer_id,

        lower(offer_status) as offer_status,
        lower(offer_type) as offer_type,

        cash as cash_usd,

        is_offer_idea as is_machine_made,
        -- the app says 0 for a live row, else the second of the deletion
        coalesce(deleted_at, 0) <> 0
        or _deleted_in_source_at is not null as is_deleted,

        created_at,
        confirmed_trade_date as trade_confirmed_at,
        coalesce(
            to_timestamp(nullif(deleted_at, 0)), _deleted_in_source_at
        ) as deleted_at
    from source
)

select * from renamed
