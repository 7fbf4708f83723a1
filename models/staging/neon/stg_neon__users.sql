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
