with

due as (
    select * from {{ ref('int_push_campaign_inputs') }}
    where is_due
),

recipients as (select * from {{ ref('fct_push_recipients') }}),

notifications as (select * from {{ ref('fct_notifications') }}),

users as (select * from {{ ref('int_push_users') }}),

push_free_periods as (select * from {{ ref('int_push_free_periods') }}),

holdouts as (select * from {{ ref('int_push_holdouts') }}),

accounts as (select * from {{ ref('int_accounts') }}),

identities as (select * from {{ ref('bridge_user_identities') }}),

parameters as (select * from {{ ref('push_parameters') }}),

received as (
    select
        due.campaign_key,
        recipients.user_key,
        case
            when
                notifications.previous_sent_at >= recipients.sent_at
                - parameters.post_hours * interval '1 hour'
                then 'overlapping'
            else 'recipient'
        end as arm,
        due.is_rolling,
        recipients.sent_at,
        {{ bucket_start('recipients.sent_at', 'hour') }} as send_hour_at
    from due
    cross join parameters
    inner join recipients
        on due.campaign_key = recipients.campaign_key
    inner join notifications
        on
            recipients.campaign_key = notifications.campaign_key
            and recipients.user_key = notifications.user_key
    where recipients.is_included
),

index_times as (
    select
        hours.campaign_key,
        hours.send_hour_at,
        hours.is_rolling,
        cast(weeks.weeks_before as bigint) as weeks_before,
        hours.send_hour_at
        - weeks.weeks_before * interval '168 hours' as index_at
    from (
        select distinct campaign_key, send_hour_at, is_rolling from received
    ) as hours
    cross join parameters
    cross join {{ integers(0, 52, 'weeks_before') }} as weeks
    where parameters.placebo_weeks >= weeks.weeks_before
),

held_out as (
    select distinct holdouts.campaign_key, identities.user_key
    from holdouts
    inner join accounts
        on holdouts.account_hash = accounts.source_id_hash
    inner join identities
        on
            accounts.source_system = identities.source_system
            and accounts.source_id = identities.source_id
    where accounts.source_system = 'app'
),

final as (
    select
        received.campaign_key,
        received.user_key,
        received.arm,
        cast(0 as bigint) as weeks_before,
        received.send_hour_at,
        received.sent_at as index_at,
        received.sent_at as received_at
    from received

    union all

    select
        index_times.campaign_key,
        push_free_periods.user_key,
        case
            when push_free_periods.is_reachable then 'reachable'
            else 'unreachable'
        end as arm,
        index_times.weeks_before,
        index_times.send_hour_at,
        index_times.index_at,
        notifications.sent_at as received_at
    from index_times
    cross join parameters
    inner join push_free_periods
        on
            index_times.index_at > push_free_periods.starts_at
            and index_times.index_at <= push_free_periods.ends_at
    inner join users
        on
            push_free_periods.user_key = users.user_key
            and users.observed_from_at
            + parameters.min_baseline_hours * interval '1 hour'
            <= index_times.index_at
    left join notifications
        on
            index_times.campaign_key = notifications.campaign_key
            and push_free_periods.user_key = notifications.user_key
    -- at dates before the sends, recipients stand for themselves
    where
        notifications.sent_at is null
        or index_times.weeks_before > 0
        or (
            index_times.is_rolling
            and notifications.sent_at
            >= index_times.send_hour_at + interval '1 hour'
        )

    union all

    select
        held_out.campaign_key,
        held_out.user_key,
        'held_out' as arm,
        cast(0 as bigint) as weeks_before,
        min(index_times.send_hour_at) as send_hour_at,
        min(index_times.index_at) as index_at,
        min(notifications.sent_at) as received_at
    from held_out
    inner join index_times
        on held_out.campaign_key = index_times.campaign_key
    left join notifications
        on
            held_out.campaign_key = notifications.campaign_key
            and held_out.user_key = notifications.user_key
    where index_times.weeks_before = 0
    group by held_out.campaign_key, held_out.user_key
)

select * from final
