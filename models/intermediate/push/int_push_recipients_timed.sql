with

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where not is_test
),

recipients as (
    select * from {{ ref('fct_push_recipients') }}
    where is_included
),

notifications as (select * from {{ ref('fct_notifications') }}),

buckets as (select * from {{ ref('push_timing_buckets') }}),

timed as (
    select
        recipients.campaign_key,
        recipients.user_key,
        recipients.baseline_hours,
        cast(extract(hour from recipients.sent_at at time zone 'UTC') as bigint)
            as send_hour,
        cast(
            extract(isodow from recipients.sent_at at time zone 'UTC') as bigint
        ) as send_weekday,
        -- -1 stands for no push before
        coalesce(notifications.hours_since_previous_push, -1)
            as hours_since_last_push,
        notifications.pushes_previous_30_days as pushes_in_30_days
    from recipients
    inner join campaigns
        on recipients.campaign_key = campaigns.campaign_key
    inner join notifications
        on
            recipients.campaign_key = notifications.campaign_key
            and recipients.user_key = notifications.user_key
),

final as (
    select
        timed.campaign_key,
        timed.user_key,

        timed.baseline_hours,
        timed.send_hour,
        timed.send_weekday,
        hour_buckets.lower_bound as hours_since_last_push,
        push_buckets.lower_bound as pushes_in_30_days
    from timed
    inner join buckets as hour_buckets
        on
            hour_buckets.dimension = 'hours_since_last_push'
            and timed.hours_since_last_push >= hour_buckets.lower_bound
            and coalesce(
                timed.hours_since_last_push < hour_buckets.upper_bound, true
            )
    inner join buckets as push_buckets
        on
            push_buckets.dimension = 'pushes_in_30_days'
            and timed.pushes_in_30_days >= push_buckets.lower_bound
            and coalesce(
                timed.pushes_in_30_days < push_buckets.upper_bound, true
            )
)

select * from final
