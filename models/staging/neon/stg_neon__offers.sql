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
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'created_at',
            'confirmed_trade_date',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('confirmed_trade_date') }} as trade_confirmed_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
