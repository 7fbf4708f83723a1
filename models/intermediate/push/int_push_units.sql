with

due as (select * from {{ ref('int_push_campaigns_due') }}),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_included
),

users as (select * from {{ ref('int_push_users') }}),

quiet_periods as (select * from {{ ref('int_push_quiet_periods') }}),

held_out as (select * from {{ ref('int_push_held_out') }}),

parameters as (select * from {{ ref('push_parameters') }}),

received as (
    select
        due.campaign_key,
        recipients.user_key,
        recipients.is_crowded,
        recipients.sent_at,
        date_trunc('hour', recipients.sent_at at time zone 'UTC')
        at time zone 'UTC' as send_hour_at
    from due
    inner join recipients
        on due.campaign_key = recipients.campaign_key
),

anchors as (
    select
        hours.campaign_key,
        hours.send_hour_at,
        cast(weeks.weeks_before as bigint) as weeks_before,
        hours.send_hour_at
        - weeks.weeks_before * interval '168 hours' as anchored_at
    from (select distinct campaign_key, send_hour_at from received) as hours
    cross join parameters
    cross join generate_series(0, 52) as weeks (weeks_before)
    where parameters.placebo_weeks >= weeks.weeks_before
),

final as (
    select
        received.campaign_key,
        received.user_key,
        case when received.is_crowded then 'crowded' else 'recipient' end
            as arm,
        cast(0 as bigint) as weeks_before,
        received.send_hour_at,
        received.sent_at as anchored_at
    from received

    union all

    select
        anchors.campaign_key,
        quiet_periods.user_key,
        case
            when quiet_periods.is_reachable then 'reachable' else 'unreachable'
        end as arm,
        anchors.weeks_before,
        anchors.send_hour_at,
        anchors.anchored_at
    from anchors
    cross join parameters
    inner join quiet_periods
        on
            anchors.anchored_at > quiet_periods.starts_at
            and anchors.anchored_at <= quiet_periods.ends_at
    inner join users
        on
            quiet_periods.user_key = users.user_key
            and users.observed_from_at
            + parameters.min_baseline_hours * interval '1 hour'
            <= anchors.anchored_at

    union all

    select
        held_out.campaign_key,
        held_out.user_key,
        'held_out' as arm,
        cast(0 as bigint) as weeks_before,
        min(anchors.send_hour_at) as send_hour_at,
        min(anchors.anchored_at) as anchored_at
    from held_out
    inner join anchors
        on held_out.campaign_key = anchors.campaign_key
    where anchors.weeks_before = 0
    group by held_out.campaign_key, held_out.user_key
)

select * from final
