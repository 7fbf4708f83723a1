with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_included
),

notifications as (select * from {{ ref('fct_notifications') }}),

buckets as (select * from {{ ref('push_timing_buckets') }}),

windows as (
    select * from {{ ref('fct_push_windows') }}
    where is_included
),

metrics as (
    select distinct metric from {{ ref('push_metrics') }}
),

parameters as (select * from {{ ref('push_parameters') }}),

timed as (
    select
        recipients.campaign_key,
        recipients.user_key,
        recipients.baseline_hours,
        cast(extract(hour from {{ zone_time('recipients.sent_at') }}) as bigint)
            as send_hour,
        {{ iso_weekday(zone_time('recipients.sent_at')) }} as send_weekday,
        hour_buckets.lower_bound as hours_since_last_push,
        push_buckets.lower_bound as pushes_in_30_days
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join notifications
        on
            recipients.campaign_key = notifications.campaign_key
            and recipients.user_key = notifications.user_key
    -- -1 stands for no push before
    inner join buckets as hour_buckets
        on
            hour_buckets.dimension = 'hours_since_last_push'
            and coalesce(notifications.hours_since_previous_push, -1)
            >= hour_buckets.lower_bound
            and coalesce(
                coalesce(notifications.hours_since_previous_push, -1)
                < hour_buckets.upper_bound, true
            )
    inner join buckets as push_buckets
        on
            push_buckets.dimension = 'pushes_in_30_days'
            and notifications.pushes_previous_30_days
            >= push_buckets.lower_bound
            and coalesce(
                notifications.pushes_previous_30_days
                < push_buckets.upper_bound, true
            )
),

groups as (
    select
        campaign_key, baseline_hours, send_hour, send_weekday,
        hours_since_last_push, pushes_in_30_days,
        count(*) as recipients
    from timed
    group by 1, 2, 3, 4, 5, 6
),

lifts as (
    select
        timed.*,
        windows.metric,
        windows.post_count,
        windows.baseline_count,
        timed.baseline_hours * windows.post_count
        - parameters.post_hours * windows.baseline_count as lift_units
    from timed
    cross join parameters
    inner join windows
        on
            timed.campaign_key = windows.campaign_key
            and timed.user_key = windows.user_key
),

-- a lift times the hours of both windows by 24 is a whole number, so sums of it
-- and of its square are exact
active as (
    select
        campaign_key, metric, baseline_hours, send_hour, send_weekday,
        hours_since_last_push, pushes_in_30_days,
        sum(post_count) as sum_post,
        sum(baseline_count) as sum_baseline,
        sum(lift_units * lift_units) as sum_units_squared
    from lifts
    group by 1, 2, 3, 4, 5, 6, 7
),

-- who has no window did nothing, and adds nothing but a recipient
final as (
    select
        groups.campaign_key,
        metrics.metric,

        groups.baseline_hours,
        groups.send_hour,
        groups.send_weekday,
        groups.hours_since_last_push,
        groups.pushes_in_30_days,
        groups.recipients,
        cast(coalesce(active.sum_post, 0) as bigint) as sum_post,
        cast(coalesce(active.sum_baseline, 0) as bigint) as sum_baseline,
        cast(coalesce(active.sum_units_squared, 0) as bigint)
            as sum_units_squared
    from groups
    cross join metrics
    left join active
        on
            groups.campaign_key = active.campaign_key
            and metrics.metric = active.metric
            and groups.baseline_hours = active.baseline_hours
            and groups.send_hour = active.send_hour
            and groups.send_weekday = active.send_weekday
            and groups.hours_since_last_push = active.hours_since_last_push
            and groups.pushes_in_30_days = active.pushes_in_30_days
)

select * from final
