with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

-- DuckDB subtracts times without a zone many times as fast
recipients as (
    select
        campaign_key,
        user_key,
        sent_at at time zone 'UTC' as sent_at
    from {{ ref('fct_push_recipients') }}
    where is_included
),

users as (
    select
        user_key,
        observed_from_at at time zone 'UTC' as observed_from_at
    from {{ ref('int_push_users') }}
),

as_of as (
    select tracked_until_at at time zone 'UTC' as tracked_until_at
    from {{ ref('int_as_of') }}
),

periods as (
    select
        period,
        period_hours,
        min(periods_after) as first_period,
        max(periods_after) as last_period
    from {{ ref('int_push_response_periods') }}
    group by 1, 2
),

observed as (
    select
        recipients.campaign_key,
        recipients.user_key,
        periods.period,
        periods.period_hours,
        periods.first_period,
        periods.last_period,
        recipients.sent_at,
        floor(
            extract(epoch from recipients.sent_at - users.observed_from_at)
            / 3600 / periods.period_hours
        ) as periods_before,
        floor(
            extract(epoch from as_of.tracked_until_at - recipients.sent_at)
            / 3600 / periods.period_hours
        ) as periods_since
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join users
        on recipients.user_key = users.user_key
    cross join as_of
    cross join periods
),

limited as (
    select
        *,
        cast(greatest(first_period, -periods_before) as bigint)
            as first_whole_period,
        cast(least(last_period, periods_since - 1) as bigint)
            as last_whole_period
    from observed
),

final as (
    select
        campaign_key,
        user_key,

        period,

        period_hours,
        first_whole_period,
        last_whole_period,

        sent_at,
        sent_at + first_whole_period * period_hours * interval '1 hour'
            as starts_at,
        sent_at + (last_whole_period + 1) * period_hours * interval '1 hour'
            as ends_at
    from limited
)

select * from final
