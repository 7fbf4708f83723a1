with

histogram as (select * from {{ ref('int_push_window_histogram') }}),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

metrics as (
    select distinct metric from {{ ref('push_metrics') }}
),

parameters as (select * from {{ ref('push_parameters') }}),

-- a campaign without a single included recipient keeps a row of zeros
cells as (
    select
        campaigns.campaign_key,
        metrics.metric,
        coalesce(histogram.baseline_hours, parameters.baseline_hours)
            as baseline_hours,
        coalesce(histogram.recipients, 0) as recipients,
        coalesce(histogram.baseline_count, 0) as baseline_count,
        coalesce(histogram.post_count, 0) as post_count
    from campaigns
    cross join metrics
    cross join parameters
    left join histogram
        on
            campaigns.campaign_key = histogram.campaign_key
            and metrics.metric = histogram.metric
),

-- DuckDB sums integers to a wider type: cast back below
sums as (
    select
        campaign_key,
        metric,
        baseline_hours,
        sum(recipients) as recipients,
        sum(recipients * post_count) as sum_post,
        sum(recipients * baseline_count) as sum_baseline,
        sum(recipients * post_count * post_count) as sum_post_squared,
        sum(recipients * baseline_count * baseline_count)
            as sum_baseline_squared,
        sum(recipients * post_count * baseline_count) as sum_post_baseline,
        sum(case when post_count > 0 then recipients else 0 end) as post_active,
        sum(case when baseline_count > 0 then recipients else 0 end)
            as baseline_active,
        sum(
            case when post_count + baseline_count = 0 then recipients else 0 end
        ) as zero_both
    from cells
    group by 1, 2, 3
),

final as (
    select
        campaign_key,
        metric,
        cast(baseline_hours as bigint) as baseline_hours,
        cast(recipients as bigint) as recipients,
        cast(sum_post as bigint) as sum_post,
        cast(sum_baseline as bigint) as sum_baseline,
        cast(sum_post_squared as bigint) as sum_post_squared,
        cast(sum_baseline_squared as bigint) as sum_baseline_squared,
        cast(sum_post_baseline as bigint) as sum_post_baseline,
        cast(post_active as bigint) as post_active,
        cast(baseline_active as bigint) as baseline_active,
        cast(zero_both as bigint) as zero_both
    from sums
)

select * from final
