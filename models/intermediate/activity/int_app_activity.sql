with

trades as (
    select * from {{ ref('stg_neon__trades') }}
    where confirmed_at is not null
),

offers as (select * from {{ ref('stg_neon__offers') }}),

metrics as (
    select * from {{ ref('push_metrics') }}
    where kind = 'trade'
),

-- both parties traded; whoever trades with themselves traded once
traders as (
    select
        trades.offer_id,
        trades.confirmed_at,
        trades.deleted_at,
        offers.creator_user_id as user_id
    from trades
    inner join offers
        on trades.offer_id = offers.offer_id

    union distinct

    select
        trades.offer_id,
        trades.confirmed_at,
        trades.deleted_at,
        offers.receiver_user_id as user_id
    from trades
    inner join offers
        on trades.offer_id = offers.offer_id
),

final as (
    select
        cast(traders.user_id as {{ type_text() }}) as account_id,
        metrics.metric as activity_type,
        'app' as source_system,
        'trades' as source_table,
        traders.offer_id as source_id,
        traders.confirmed_at as occurred_at,
        traders.deleted_at as voided_at
    from traders
    cross join metrics
)

select * from final
