with

source as (select * from {{ source('lift', 'placebo_lift') }}),

renamed as (
    select
        campaign_key,
        metric,

        kind,

        weeks_before,
        lift,
        se
    from source
)

select * from renamed
