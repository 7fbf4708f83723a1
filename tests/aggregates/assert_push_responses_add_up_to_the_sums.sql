-- the two days and the 48 hours after the push hold what the sums hold
with

daily as (
    select
        campaign_key,
        metric,
        min(recipients) as recipients,
        sum(events) as events
    from {{ ref('agg_push_daily_response') }}
    where days_after in (0, 1)
    group by campaign_key, metric
),

hourly as (
    select
        campaign_key,
        metric,
        min(recipients) as recipients,
        sum(events) as events
    from {{ ref('agg_push_hourly_response') }}
    where hours_after between 0 and 47
    group by campaign_key, metric
),

sums as (
    select
        campaign_key,
        metric,
        sum(recipients) as recipients,
        sum(sum_post) as events
    from {{ ref('int_push_window_sums') }}
    group by campaign_key, metric
)

select
    sums.campaign_key,
    sums.metric,
    sums.events,
    daily.events as daily_events,
    hourly.events as hourly_events
from sums
left join daily
    on
        sums.campaign_key = daily.campaign_key
        and sums.metric = daily.metric
left join hourly
    on
        sums.campaign_key = hourly.campaign_key
        and sums.metric = hourly.metric
where
    daily.events is null
    or hourly.events is null
    or sums.events <> daily.events
    or sums.events <> hourly.events
    or sums.recipients <> daily.recipients
    or sums.recipients <> hourly.recipients
