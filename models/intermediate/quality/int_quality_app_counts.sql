with

closet_items as (
    select * from {{ ref('stg_neon__closet_items') }}
    where not is_from_trade
),

wishlist_items as (select * from {{ ref('stg_neon__wishlist_items') }}),

offers as (
    select * from {{ ref('stg_neon__offers') }}
    where is_machine_made is not true
),

trades as (select * from {{ ref('stg_neon__trades') }}),

as_of as (select * from {{ ref('int_as_of') }}),

rows_of_app as (
    select
        'closet_adds' as metric,
        created_at
    from closet_items

    union all

    select
        'wishlist_adds' as metric,
        created_at
    from wishlist_items

    union all

    select
        'offers_created' as metric,
        created_at
    from offers

    union all

    select
        'offers_accepted' as metric,
        created_at
    from trades
),

final as (
    select
        rows_of_app.metric,

        count(*) as row_count,

        {{ reporting_date('rows_of_app.created_at') }} as created_date
    from rows_of_app
    inner join as_of
        on
            rows_of_app.created_at >= as_of.tracking_started_at
            and rows_of_app.created_at <= as_of.tracked_until_at
    group by 1, 3
)

select * from final
