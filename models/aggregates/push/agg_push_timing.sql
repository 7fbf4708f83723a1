with

sums as (select * from {{ ref('int_push_timing_sums') }}),

buckets as (select * from {{ ref('push_timing_buckets') }}),

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
        cast(parameters.post_hours * sums.baseline_hours as {{ type_double() }})
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
groups as (
    select
        campaign_key, metric, dimension, lower_bound, baseline_hours,
        post_hours, units_per_lift,
        cast(sum(recipients) as bigint) as recipients,
        24 * cast(sum(sum_post) as {{ type_double() }}) / post_hours
            as sum_post_rate,
        24 * cast(sum(sum_baseline) as {{ type_double() }}) / baseline_hours
            as sum_baseline_rate,
        cast(
            sum(recipients) * sum(sum_units_squared)
            - sum(sum_units) * sum(sum_units) as {{ type_double() }}
        )
        / cast(sum(recipients) as {{ type_double() }})
        / (units_per_lift * units_per_lift) as sum_squares
    from cells
    group by 1, 2, 3, 4, 5, 6, 7
),

-- in an order, because the sum of doubles depends on it
means as (
    select
        metric,
        dimension,
        lower_bound,
        count(distinct campaign_key) as campaigns,
        cast(sum(recipients) as bigint) as recipients,
        {{ ordered_sum('sum_post_rate', 'campaign_key, baseline_hours') }}
        / cast(sum(recipients) as {{ type_double() }}) as post_mean,
        {{ ordered_sum('sum_baseline_rate', 'campaign_key, baseline_hours') }}
        / cast(sum(recipients) as {{ type_double() }}) as baseline_mean
    from groups
    group by 1, 2, 3
),

deviations as (
    select
        groups.*,
        (groups.sum_post_rate - groups.sum_baseline_rate) / groups.recipients
        - (means.post_mean - means.baseline_mean) as deviation
    from groups
    inner join means
        on
            groups.metric = means.metric
            and groups.dimension = means.dimension
            and groups.lower_bound = means.lower_bound
),

-- squares within groups and between them (Chan, Golub and LeVeque 1983)
squares as (
    select
        metric,
        dimension,
        lower_bound,
        {{ ordered_sum(
            'sum_squares + recipients * deviation * deviation',
            'campaign_key, baseline_hours'
        ) }} as sum_squares
    from deviations
    group by 1, 2, 3
),

spreads as (
    select
        means.*,
        sqrt(squares.sum_squares / nullif(means.recipients - 1, 0))
            as observed_sd
    from means
    inner join squares
        on
            means.metric = squares.metric
            and means.dimension = squares.dimension
            and means.lower_bound = squares.lower_bound
),

final as (
    select
        spreads.metric,
        spreads.dimension,
        buckets.bucket,

        spreads.lower_bound,
        spreads.campaigns,
        spreads.recipients,
        spreads.baseline_mean,
        spreads.post_mean,
        spreads.post_mean - spreads.baseline_mean as observed_lift,
        spreads.observed_sd,
        spreads.observed_sd
        / sqrt(cast(spreads.recipients as {{ type_double() }}))
            as observed_se
    from spreads
    inner join buckets
        on
            spreads.dimension = buckets.dimension
            and spreads.lower_bound = buckets.lower_bound
)

select * from final
