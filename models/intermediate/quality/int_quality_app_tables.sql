with

users as (select * from {{ ref('stg_neon__users') }}),

offers as (select * from {{ ref('stg_neon__offers') }}),

closet_items as (select * from {{ ref('stg_neon__closet_items') }}),

wishlist_items as (select * from {{ ref('stg_neon__wishlist_items') }}),

trades as (select * from {{ ref('stg_neon__trades') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'neon.users' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        deleted_at,
        has_implausible_time
    from users

    union all

    select
        'neon.offers' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        deleted_at,
        has_implausible_time
    from offers

    union all

    select
        'neon.inventory_items' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        deleted_at,
        has_implausible_time
    from closet_items

    union all

    select
        'neon.wishlist_items' as subject,
        created_at,
        cast(null as timestamptz) as updated_at,
        deleted_at,
        has_implausible_time
    from wishlist_items

    union all

    select
        'neon.trades' as subject,
        created_at,
        confirmed_at as updated_at,
        deleted_at,
        has_implausible_time
    from trades
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
