with

events as (select * from {{ ref('int_events_identified') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

account_activity as (select * from {{ ref('int_account_activity') }}),

accounts as (select * from {{ ref('int_accounts') }}),

tracked as (
    select
        min(received_at) as first_received_at,
        max(received_at) as last_received_at
    from events
),

sent as (
    select max(sent_at) as last_sent_at from notifications
),

dated as (
    select occurred_at from account_activity
    union all
    select created_at as occurred_at from accounts
),

-- a date far beyond what the servers saw is wrong, not new
newest as (
    select
        tracked.first_received_at,
        tracked.last_received_at,
        coalesce(
            cast(nullif('{{ var("as_of") }}', '') as timestamp)
            at time zone 'UTC',
            greatest(
                tracked.last_received_at,
                sent.last_sent_at,
                max(dated.occurred_at)
            )
        ) as as_of
    from tracked
    cross join sent
    left join dated
        on
            dated.occurred_at <= coalesce(
                greatest(tracked.last_received_at, sent.last_sent_at)
                + interval '24 hours',
                dated.occurred_at
            )
    group by
        tracked.first_received_at,
        tracked.last_received_at,
        sent.last_sent_at
),

final as (
    select
        as_of,
        date_trunc('day', first_received_at at time zone 'UTC')
        at time zone 'UTC' as tracking_started_at,
        least(as_of, last_received_at) as tracked_until_at
    from newest
)

select * from final
