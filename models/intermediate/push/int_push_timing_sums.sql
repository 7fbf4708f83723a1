with

recipients as (select * from {{ ref('int_push_recipients_timed') }}),

windows as (
    select * from {{ ref('fct_push_windows') }}
    where is_included
),

metrics as (
    select distinct metric from {{ ref('push_metrics') }}
),

parameters as (select * from {{ ref('push_parameters') }}),

groups as (
    select
        campaign_key,
        baseline_hours,
        send_hour,
        send_weekday,
        hours_since_last_push,
        pushes_in_30_days,
        count(*) as recipients
    from recipients
    group by 1, 2, 3, 4, 5, 6
),

-- a lift times the hours of both windows by 24 is a whole number, so sums of it
-- and of its square are exact
active as (
    select
        recipients.campaign_key,
        windows.metric,
        recipients.baseline_hours,
        recipients.send_hour,
        recipients.send_weekday,
        recipients.hours_since_last_push,
        recipients.pushes_in_30_days,
        sum(windows.post_count) as sum_post,
        sum(windows.baseline_count) as sum_baseline,
        sum(
            (
                recipients.baseline_hours * windows.post_count
                - parameters.post_hours * windows.baseline_count
            )
            * (
                recipients.baseline_hours * windows.post_count
                - parameters.post_hours * windows.baseline_count
            )
        ) as sum_units_squared
    from recipients
    cross join parameters
    inner join windows
        on
            recipients.campaign_key = windows.campaign_key
            and recipients.user_key = windows.user_key
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
