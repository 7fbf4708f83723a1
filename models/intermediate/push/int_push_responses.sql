with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

metrics as (
    select distinct metric from {{ ref('push_metrics') }}
),

periods as (select * from {{ ref('int_push_response_periods') }}),

spans as (select * from {{ ref('int_push_recipient_spans') }}),

activity as (
    select
        user_key,
        metric,
        occurred_at at time zone 'UTC' as occurred_at
    from {{ ref('int_push_activity') }}
),

-- few spans differ: they are counted before they are laid over the periods
audiences as (
    select
        campaign_key,
        period,
        first_whole_period,
        last_whole_period,
        count(*) as recipients
    from spans
    group by 1, 2, 3, 4
),

observed as (
    select
        audiences.campaign_key,
        periods.period,
        periods.periods_after,
        sum(audiences.recipients) as recipients
    from audiences
    inner join periods
        on
            audiences.period = periods.period
            and audiences.first_whole_period <= periods.periods_after
            and audiences.last_whole_period >= periods.periods_after
    group by 1, 2, 3
),

events as (
    select
        spans.campaign_key,
        activity.metric,
        spans.period,
        cast(
            floor(
                extract(epoch from activity.occurred_at - spans.sent_at)
                / 3600 / spans.period_hours
            ) as bigint
        ) as periods_after,
        count(*) as events
    from spans
    inner join activity
        on
            spans.user_key = activity.user_key
            and spans.starts_at <= activity.occurred_at
            and spans.ends_at > activity.occurred_at
    group by 1, 2, 3, 4
),

final as (
    select
        campaigns.campaign_key,
        metrics.metric,
        periods.period,

        periods.periods_after,
        cast(coalesce(observed.recipients, 0) as bigint) as recipients,
        coalesce(events.events, 0) as events
    from campaigns
    cross join metrics
    cross join periods
    left join observed
        on
            campaigns.campaign_key = observed.campaign_key
            and periods.period = observed.period
            and periods.periods_after = observed.periods_after
    left join events
        on
            campaigns.campaign_key = events.campaign_key
            and metrics.metric = events.metric
            and periods.period = events.period
            and periods.periods_after = events.periods_after
)

select * from final
