with

source as (select * from {{ source('neon', 'users') }}),

renamed as (
    select
        id as user_id,
        id_hash as user_id_hash,
        email_hash,
        email_domain_hash,

        completed_trades_count as completed_trade_count,
        closet_value as closet_value_usd,

        is_trusted_trader,
        {{ deletion_time() }} is not null as is_deleted,
        {{ has_implausible_time('created_at', 'deleted_at') }}
            as has_implausible_time,

        {{ plausible_time('created_at') }} as created_at,
        {{ deletion_time() }} as deleted_at
    from source
)

select * from renamed
