with

users as (select * from {{ ref('stg_neon__users') }}),

offers as (select * from {{ ref('stg_neon__offers') }}),

closet_items as (select * from {{ ref('stg_neon__closet_items') }}),

wishlist_items as (select * from {{ ref('stg_neon__wishlist_items') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'neon.users' as subject,
        created_at,
        deleted_at
    from users

    union all

    select
        'neon.offers' as subject,
        created_at,
        deleted_at
    from offers

    union all

    select
        'neon.inventory_items' as subject,
        created_at,
        deleted_at
    from closet_items

    union all

    select
        'neon.wishlist_items' as subject,
        created_at,
        deleted_at
    from wishlist_items
),

final as (
    select
        'soft_deletes' as check_name,
        table_rows.subject,

        count(*) filter (where table_rows.deleted_at <= as_of.as_of)
            as numerator,
        count(*) as denominator
    from table_rows
    inner join as_of
        on table_rows.created_at <= as_of.as_of
    group by 2
)

select * from final
