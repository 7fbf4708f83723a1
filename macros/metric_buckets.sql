{% macro metric_buckets(period, length) -%}
    {#- Rollups of a period, and the buckets between them without a sample. -#}
    with

    rollups as (
        select * from {{ ref('int_metric_rollups') }}
        where period = '{{ period }}'
    ),

    catalog as (select * from {{ ref('metric_catalog') }}),

    thresholds as (select * from {{ ref('telemetry_thresholds') }}),

    as_of as (select * from {{ ref('int_telemetry_as_of') }}),

    observed as (
        select
            rollups.*,
            rollups.bucket_starts_at + interval '{{ length }}' as bucket_ends_at,
            lead(rollups.bucket_starts_at) over (
                partition by rollups.series_id
                order by rollups.bucket_starts_at
            ) as next_starts_at,
            as_of.as_of
        from rollups
        inner join as_of
            on rollups.bucket_starts_at < as_of.as_of
    ),

    -- a metric that is judged by the day is not missed by the hour, and a series
    -- that is silent for as long as a baseline looks back has ended
    gaps as (
        select
            observed.series_id,
            observed.metric,
            observed.tags,
            case when catalog.gap_is_zero then 0 end as value_sum,
            numbers.gap_number,
            observed.bucket_starts_at
            + numbers.gap_number * interval '{{ length }}' as bucket_starts_at
        from observed
        inner join catalog
            on
                observed.metric = catalog.metric
                {% if period == 'hour' %}
                and catalog.bucket = 'hour'
                {% endif %}
        inner join thresholds
            on catalog.bucket = thresholds.bucket
        inner join {{ integers(1, 1000, 'gap_number') }} as numbers
            on
                observed.bucket_ends_at
                + numbers.gap_number * interval '{{ length }}'
                <= coalesce(observed.next_starts_at, observed.as_of)
                and observed.bucket_starts_at
                + numbers.gap_number * interval '{{ length }}'
                <= observed.bucket_starts_at
                + thresholds.gap_days * interval '24 hours'
        where
            coalesce(observed.next_starts_at, observed.as_of)
            > observed.bucket_ends_at
    ),

    final as (
        select
            series_id,

            metric,
            tags,

            sample_count,
            value_sum,
            value_min,
            value_max,
            value_mean,
            value_last,
            p50,
            p95,
            p99,
            cast(0 as bigint) as gap_number,

            bucket_ends_at <= as_of as is_over,

            bucket_starts_at
        from observed

        union all

        select
            series_id,

            metric,
            tags,

            cast(0 as bigint) as sample_count,
            cast(value_sum as {{ type_double() }}) as value_sum,
            cast(null as {{ type_double() }}) as value_min,
            cast(null as {{ type_double() }}) as value_max,
            cast(null as {{ type_double() }}) as value_mean,
            cast(null as {{ type_double() }}) as value_last,
            cast(null as {{ type_double() }}) as p50,
            cast(null as {{ type_double() }}) as p95,
            cast(null as {{ type_double() }}) as p99,
            cast(gap_number as bigint) as gap_number,

            true as is_over,

            bucket_starts_at
        from gaps
    )

    select * from final
{%- endmacro %}
