with

source as (select * from {{ source('lift', 'metric_correlation') }}),

renamed as (
    select
        metric,
        other_metric,
        estimate,

        campaigns,
        correlation,
        correlation_lo,
        correlation_hi,
        p_value
    from source
)

select * from renamed
