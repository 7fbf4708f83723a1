with

users as (select * from {{ ref('stg_neon__users') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

offers as (select * from {{ ref('stg_neon__offers') }}),

trades as (select * from {{ ref('stg_neon__trades') }}),

closet_items as (select * from {{ ref('stg_neon__closet_items') }}),

as_of as (select * from {{ ref('int_as_of') }}),

linked as (
    select
        'neon.user_notifications.user_id' as subject,
        notifications.sent_at as created_at,
        users.user_id is null as is_orphan
    from notifications
    left join users
        on notifications.user_id = users.user_id
    where notifications.user_id is not null

    union all

    select
        'neon.offers.creator_user_id' as subject,
        offers.created_at,
        users.user_id is null as is_orphan
    from offers
    left join users
        on offers.creator_user_id = users.user_id
    where offers.creator_user_id is not null

    union all

    select
        'neon.offers.receiver_user_id' as subject,
        offers.created_at,
        users.user_id is null as is_orphan
    from offers
    left join users
        on offers.receiver_user_id = users.user_id
    where offers.receiver_user_id is not null

    union all

    select
        'neon.trades.offer_id' as subject,
        trades.created_at,
        offers.offer_id is null as is_orphan
    from trades
    left join offers
        on trades.offer_id = offers.offer_id
    where trades.offer_id is not null

    union all

    select
        'neon.inventory_items.user_id' as subject,
        closet_items.created_at,
        users.user_id is null as is_orphan
    from closet_items
    left join users
        on closet_items.user_id = users.user_id
    where closet_items.user_id is not null
),

final as (
    select
        'orphans' as check_name,
        linked.subject,

        count(*) filter (where linked.is_orphan) as numerator,
        count(*) as denominator
    from linked
    inner join as_of
        on linked.created_at <= as_of.as_of
    -- without the app database, nobody is a user
    where exists (select 1 from users)
    group by 2
)

select * from final
