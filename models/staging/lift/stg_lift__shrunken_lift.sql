with

source as (select * from {{ source('lift', 'shrunken_lift') }}),

renamed as (
    select
        campaign_key,
        metric,

        shrunken_lift,
        shrunken_lo,
        shrunken_hi
    from source
)

select * from renamed
