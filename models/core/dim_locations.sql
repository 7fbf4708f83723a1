with

locations as (select * from {{ ref('stg_chemlink__locations') }}),

final as (
    select
        location_id,

        coalesce(location_name, country) as location_name,
        country
    from locations
)

select * from final
