{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['period', 'series_id', 'bucket_starts_at'],
        on_schema_change='append_new_columns',
        full_refresh=false
    )
}}

with

samples as (select * from {{ ref('fct_metric_samples') }}),

{% for period in ['hour', 'day', 'week'] %}
    {{ period }}_samples as (
        select
            series_id,
            metric,
            tags,
            value,
            sample_count,
            quantile,
            observed_at,
            {{ bucket_start('observed_at', period) }} as bucket_starts_at
        from samples
    ),

    {% if is_incremental() %}
    -- what was pruned since leaves the rollup of its bucket as it was; a stage
    -- of a night that goes on takes another time
        {{ period }}_due as (
            select
                found.series_id,
                found.bucket_starts_at
            from {{ period }}_samples as found
            left join {{ this }} as kept
                on
                    found.series_id = kept.series_id
                    and found.bucket_starts_at = kept.bucket_starts_at
                    and kept.period = '{{ period }}'
            group by
                found.series_id,
                found.bucket_starts_at,
                kept.sample_count,
                kept.value_sum
            having
                sum(found.sample_count) > coalesce(kept.sample_count, 0)
                or (
                    sum(found.sample_count) = kept.sample_count
                    and abs(
                        sum(found.value * found.sample_count) - kept.value_sum
                    ) > 1e-9 * abs(kept.value_sum)
                )
        ),
    {% endif %}

    {{ period }}_counted as (
        select counted.*
        from {{ period }}_samples as counted
        {% if is_incremental() %}
            inner join {{ period }}_due as due
                on
                    counted.series_id = due.series_id
                    and counted.bucket_starts_at = due.bucket_starts_at
        {% endif %}
    ),

    -- a value that stands for several stands at as many positions
    {{ period }}_positions as (
        select
            *,
            sum(sample_count) over (
                partition by series_id, bucket_starts_at
                order by value, observed_at
                rows between unbounded preceding and current row
            ) as next_position,
            sum(sample_count) over (
                partition by series_id, bucket_starts_at
            ) - 1 as last_position,
            max(observed_at) over (
                partition by series_id, bucket_starts_at
            ) as last_observed_at
        from {{ period }}_counted
    ),

    {{ period }}_rollups as (
        select
            '{{ period }}' as period,
            series_id,

            metric,
            tags,

            cast(sum(sample_count) as bigint) as sample_count,
            sum(value * sample_count) filter (where quantile is null)
                as value_sum,
            min(value) as value_min,
            max(value) as value_max,
            sum(value * sample_count) filter (where quantile is null)
            / sum(sample_count) as value_mean,
            max(value) filter (
                where observed_at = last_observed_at and quantile is null
            ) as value_last,
            {{ weighted_percentile(0.5) }} as p50,
            {{ weighted_percentile(0.95) }} as p95,
            {{ weighted_percentile(0.99) }} as p99,

            bucket_starts_at
        from {{ period }}_positions
        group by series_id, metric, tags, bucket_starts_at, last_position
    ),
{% endfor %}

final as (
    select * from hour_rollups
    union all
    select * from day_rollups
    union all
    select * from week_rollups
)

select * from final
