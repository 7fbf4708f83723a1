with

samples as (select * from {{ ref('stg_telemetry__samples') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

final as (
    select
        samples.sample_id,
        samples.series_id,

        samples.metric,
        catalog.type,
        catalog.category,
        catalog.unit,

        samples.value,
        samples.sample_count,
        samples.quantile,

        samples.observed_at,

        samples.tags,
        samples.run_id,
        samples.feed
    from samples
    inner join catalog
        on samples.metric = catalog.metric
)

select * from final
