with

events as (select * from {{ ref('int_events_identified') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

account_activity as (select * from {{ ref('int_account_activity') }}),

accounts as (select * from {{ ref('int_accounts') }}),

trades as (select * from {{ ref('stg_neon__trades') }}),

tracked as (
    select
        min(received_at) as first_received_at,
        max(received_at) as last_received_at
    from events
),

dates as (
    select 'push' as kind, sent_at as dated_at from notifications
    union all
    select 'activity' as kind, occurred_at as dated_at from account_activity
    union all
    select 'account' as kind, created_at as dated_at from accounts
    union all
    select 'trade' as kind, greatest(created_at, confirmed_at) as dated_at
    from trades
),

-- a date far beyond what the servers saw is wrong, not new; without PostHog's
-- clock, pushes and the other dates vouch for each other
bounds as (
    select
        tracked.first_received_at,
        tracked.last_received_at,
        coalesce(
            tracked.last_received_at,
            least(
                max(dates.dated_at) filter (where dates.kind = 'push'),
                max(dates.dated_at) filter (where dates.kind <> 'push')
            )
        ) + interval '24 hours' as plausible_until_at
    from tracked
    left join dates
        on dates.dated_at is not null
    group by 1, 2
),

-- a time that names no zone is UTC: a cast would take the session's
newest as (
    select
        bounds.first_received_at,
        bounds.last_received_at,
        bounds.plausible_until_at,
        max(dates.dated_at) filter (where dates.kind = 'trade')
            as last_traded_at,
        case
            when '{{ var("as_of") }}' = ''
                then greatest(bounds.last_received_at, max(dates.dated_at))
            when translate('{{ var("as_of") }}', '0123456789 :.T', '') = '--'
                then
                    cast(nullif('{{ var("as_of") }}', '') as timestamp)
                    at time zone 'UTC'
            else cast(nullif('{{ var("as_of") }}', '') as timestamptz)
        end as as_of
    from bounds
    left join dates
        on bounds.plausible_until_at >= dates.dated_at
    group by 1, 2, 3
),

final as (
    select
        as_of,
        date_trunc('day', first_received_at at time zone 'UTC')
        at time zone 'UTC' as tracking_started_at,
        -- one window serves every metric, so the source that lags decides
        least(as_of, last_received_at, last_traded_at) as tracked_until_at,
        plausible_until_at
    from newest
)

select * from final
