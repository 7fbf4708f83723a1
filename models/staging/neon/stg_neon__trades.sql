with

source as (select * from {{ source('neon', 'trades') }}),

renamed as (
    select
        offer_id,

        lower(state) as trade_state,

        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time(
            'created_at',
            'confirmed_trade_date',
            'validation_passed_date',
            'deleted_at'
        ) }} as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ plausible_time('confirmed_trade_date') }} as confirmed_at,
        {{ plausible_time('validation_passed_date') }} as validated_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
