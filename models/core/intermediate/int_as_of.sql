with

distinct_ids as (select * from {{ ref('int_distinct_ids') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

account_activity as (select * from {{ ref('int_account_activity') }}),

accounts as (select * from {{ ref('int_account_versions') }}),

trades as (select * from {{ ref('stg_neon__trades') }}),

tracked as (
    select
        min(first_received_at) as first_received_at,
        max(last_received_at) as last_received_at,
        max(newest_received_at) as newest_received_at
    from distinct_ids
),

dates as (
    select 'push' as kind, sent_at as dated_at from notifications
    union all
    select 'activity' as kind, occurred_at as dated_at from account_activity
    union all
    select 'account' as kind, created_at as dated_at from accounts
    union all
    select 'trade' as kind, created_at as dated_at from trades
    union all
    select 'trade' as kind, confirmed_at as dated_at from trades
),

-- a date far beyond what the servers saw is wrong, not new; without PostHog's
-- clock, pushes and the other dates vouch for each other
bounds as (
    select
        tracked.first_received_at,
        tracked.last_received_at,
        coalesce(
            tracked.newest_received_at,
            least(
                max(dates.dated_at) filter (where dates.kind = 'push'),
                max(dates.dated_at) filter (where dates.kind <> 'push')
            )
        ) + interval '24 hours' as plausible_until_at
    from tracked
    left join dates
        on dates.dated_at is not null
    group by
        tracked.first_received_at,
        tracked.last_received_at,
        tracked.newest_received_at
),

newest as (
    select
        bounds.first_received_at,
        bounds.last_received_at,
        bounds.plausible_until_at,
        max(dates.dated_at) filter (
            where dates.kind = 'trade'
            and coalesce(dates.dated_at <= {{ given_as_of() }}, true)
        ) as last_traded_at,
        coalesce(
            {{ given_as_of() }},
            greatest(bounds.last_received_at, max(dates.dated_at))
        ) as as_of
    from bounds
    left join dates
        on bounds.plausible_until_at >= dates.dated_at
    group by
        bounds.first_received_at,
        bounds.last_received_at,
        bounds.plausible_until_at
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
