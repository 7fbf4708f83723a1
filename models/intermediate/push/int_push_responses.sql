with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

metrics as (select distinct metric from {{ ref('push_metrics') }}),

periods as (select * from {{ ref('int_push_response_periods') }}),

-- DuckDB subtracts times without a zone many times as fast
recipients as (
    select
        campaign_key,
        user_key,
        {{ zone_time('sent_at') }} as sent_at
    from {{ ref('fct_push_recipients') }}
    where is_included
),

users as (
    select
        user_key,
        {{ zone_time('observed_from_at') }} as observed_from_at
    from {{ ref('int_push_users') }}
),

as_of as (select * from {{ ref('int_as_of') }}),

activity as (
    select
        user_key,
        metric,
        {{ zone_time('occurred_at') }} as occurred_at
    from {{ ref('int_push_activity') }}
),

frames as (
    select
        period,
        period_hours,
        min(periods_after) as first_period,
        max(periods_after) as last_period
    from periods
    group by 1, 2
),

-- the whole periods of which everything is known
spans as (
    select
        recipients.campaign_key,
        recipients.user_key,
        recipients.sent_at,
        frames.period,
        frames.period_hours,
        cast(greatest(frames.first_period, -floor(
            {{ seconds_between(
                'users.observed_from_at', 'recipients.sent_at'
            ) }} / 3600 / frames.period_hours
        )) as bigint) as first_period,
        cast(least(frames.last_period, floor(
            {{ seconds_between(
                'recipients.sent_at', zone_time('as_of.tracked_until_at')
            ) }} / 3600 / frames.period_hours
        ) - 1) as bigint) as last_period
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join users
        on recipients.user_key = users.user_key
    cross join as_of
    cross join frames
),

-- few spans differ: they are counted before they are laid over the periods
audiences as (
    select
        campaign_key, period, first_period, last_period,
        count(*) as recipients
    from spans
    group by 1, 2, 3, 4
),

observed as (
    select
        audiences.campaign_key, periods.period, periods.periods_after,
        sum(audiences.recipients) as recipients
    from audiences
    inner join periods
        on
            audiences.period = periods.period
            and audiences.first_period <= periods.periods_after
            and audiences.last_period >= periods.periods_after
    group by 1, 2, 3
),

events as (
    select
        spans.campaign_key, activity.metric, spans.period,
        cast(floor(
            {{ seconds_between('spans.sent_at', 'activity.occurred_at') }}
            / 3600 / spans.period_hours
        ) as bigint) as periods_after,
        count(*) as events
    from spans
    inner join activity
        on
            spans.user_key = activity.user_key
            and spans.sent_at
            + spans.first_period * spans.period_hours * interval '1 hour'
            <= activity.occurred_at
            and spans.sent_at
            + (spans.last_period + 1) * spans.period_hours * interval '1 hour'
            > activity.occurred_at
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
