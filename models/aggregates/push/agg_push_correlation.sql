with

metric_correlation as (select * from {{ ref('stg_lift__metric_correlation') }}),

final as (
    select
        metric,
        other_metric,
        estimate,

        campaigns,
        correlation,
        correlation_low,
        correlation_high,
        correlation_p
    from metric_correlation
)

select * from final
