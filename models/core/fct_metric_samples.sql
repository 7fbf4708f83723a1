with

files as (select * from {{ ref('stg_telemetry__samples') }}),

warehouse as (select * from {{ ref('int_warehouse_samples') }}),

samples as (
    select
        sample_id,
        series_id,
        metric,
        value,
        sample_count,
        quantile,
        observed_at,
        tags,
        run_id,
        feed
    from files

    union all

    select
        sample_id,
        series_id,
        metric,
        value,
        1 as sample_count,
        cast(null as {{ type_double() }}) as quantile,
        observed_at,
        tags,
        run_id,
        'warehouse' as feed
    from warehouse
),

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
        cast(samples.sample_count as bigint) as sample_count,
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
