with

sums as (select * from {{ ref('int_push_timing_sums') }}),

parameters as (select * from {{ ref('push_parameters') }}),

cells as (
    select
        sums.*,
        dimensions.dimension,
        case dimensions.dimension
            when 'send_hour' then sums.send_hour
            when 'weekday' then sums.send_weekday
            when 'hours_since_last_push' then sums.hours_since_last_push
            when 'pushes_in_30_days' then sums.pushes_in_30_days
        end as lower_bound,
        parameters.post_hours,
        sums.baseline_hours * sums.sum_post
        - parameters.post_hours * sums.sum_baseline as sum_units,
        cast(parameters.post_hours * sums.baseline_hours as double precision)
        / 24 as units_per_lift
    from sums
    cross join parameters
    cross join (
        values
        ('send_hour'),
        ('weekday'),
        ('hours_since_last_push'),
        ('pushes_in_30_days')
    ) as dimensions (dimension)
),

-- the squares are about the mean, and whole numbers until they are divided
final as (
    select
        campaign_key,
        metric,
        dimension,

        lower_bound,
        baseline_hours,
        cast(sum(recipients) as bigint) as recipients,
        24 * cast(sum(sum_post) as double precision) / post_hours
            as sum_post_rate,
        24 * cast(sum(sum_baseline) as double precision) / baseline_hours
            as sum_baseline_rate,
        cast(
            sum(recipients) * sum(sum_units_squared)
            - sum(sum_units) * sum(sum_units) as double precision
        )
        / cast(sum(recipients) as double precision)
        / (units_per_lift * units_per_lift) as sum_squares
    from cells
    group by
        campaign_key,
        metric,
        dimension,
        lower_bound,
        baseline_hours,
        post_hours,
        units_per_lift
)

select * from final
