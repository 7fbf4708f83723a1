with

buckets as (select * from {{ ref('int_metric_buckets') }}),

levels as (select * from {{ ref('int_metric_levels') }}),

catalog as (select * from {{ ref('metric_catalog') }}),

shifts as (select * from {{ ref('int_metric_shifts') }}),

expected as (
    select
        buckets.*,
        levels.bucket_count as season_buckets,
        levels.value_count as season_values,
        levels.usual_sample_count,
        catalog.type = 'counter' as is_count,
        shifts.shift is not null as is_learnt,
        levels.usual_value
        + coalesce(shifts.shift, 0)
        * coalesce(nullif(abs(levels.usual_value), 0), 1)
            as expected_value
    from buckets
    inner join catalog
        on buckets.metric = catalog.metric
    left join levels
        on
            buckets.series_id = levels.series_id
            and buckets.bucket_date = levels.bucket_date
            and buckets.season = levels.season
    left join shifts
        on
            buckets.series_id = shifts.series_id
            and buckets.bucket_date = shifts.bucket_date
),

-- counts vary with the root of their level, so that a busy hour varies more
united as (
    select
        *,
        case
            when is_count then sqrt(greatest(abs(expected_value), 1))
            else 1
        end as unit_of_scale
    from expected
),

final as (
    select
        series_id,

        metric,
        tags,

        season,
        season_buckets,
        season_values,
        sample_count,
        usual_sample_count,
        gap_number,
        value,
        expected_value,
        cast(unit_of_scale as {{ type_double() }}) as unit_of_scale,
        (value - expected_value) / unit_of_scale as residual,

        is_over,
        is_incident,
        is_learnt,

        bucket_starts_at,
        bucket_date
    from united
)

select * from final
