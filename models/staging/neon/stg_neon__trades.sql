with

source as (select * from {{ source('neon', 'trades') }}),

renamed as (
    select
        offer_id,

        lower(state) as trade_state,

        created_at,
        confirmed_trade_date as confirmed_at,
        validation_passed_date as validated_at,
        _deleted_in_source_at as deleted_in_source_at
    from source
)

select * from renamed
