with

metric_correlation as (select * from {{ ref('stg_lift__metric_correlation') }}),

final as (
    select
        metric,
        other_metric,
        estimate,

        campaigns,
        correlation,
        correlation_lo,
        correlation_hi,
        p_value
    from metric_correlation
)

select * from final
