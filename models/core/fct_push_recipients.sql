with

notifications as (select * from {{ ref('fct_notifications') }}),

users as (select * from {{ ref('dim_users') }}),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('push_parameters') }}),

timed as (
    select
        notifications.*,
        {{ is_eligible_user('users') }} as is_eligible_user,
        -- somebody the app never saw is first seen when a push reaches them
        least(
            users.app_first_seen_at,
            min(notifications.sent_at) over (partition by users.user_key)
        ) as first_seen_at,
        -- the fact knows no order among pushes of the same instant
        count(*) over (
            partition by notifications.user_key, notifications.sent_at
        ) > 1 as has_simultaneous_push,
        as_of.tracking_started_at,
        as_of.tracked_until_at,
        parameters.min_baseline_hours,
        parameters.baseline_hours as full_baseline_hours,
        notifications.sent_at
        - parameters.post_hours * interval '1 hour' as overlap_starts_at,
        notifications.sent_at
        + parameters.post_hours * interval '1 hour' as post_ends_at
    from notifications
    cross join as_of
    cross join parameters
    inner join users
        on notifications.user_key = users.user_key
),

measured as (
    select
        *,
        cast(
            least(
                full_baseline_hours,
                greatest(0, floor({{ seconds_between(
                    'greatest(first_seen_at, coalesce(tracking_started_at, sent_at))',
                    'sent_at'
                ) }} / 3600))
            ) as bigint
        ) as baseline_hours
    from timed
),

final as (
    select
        campaign_key,
        user_key,

        delivery_count,
        baseline_hours,

        is_eligible_user,
        baseline_hours < min_baseline_hours as is_short_history,
        coalesce(tracked_until_at < post_ends_at, true) as is_incomplete,
        coalesce(first_seen_at < tracking_started_at, false)
        and baseline_hours < full_baseline_hours as is_baseline_before_tracking,
        coalesce(
            previous_sent_at >= sent_at - baseline_hours * interval '1 hour',
            false
        ) as has_overlap_pre,
        coalesce(next_sent_at < post_ends_at, false) as has_overlap_post,
        has_simultaneous_push
        or coalesce(previous_sent_at >= overlap_starts_at, false)
        or coalesce(next_sent_at < post_ends_at, false) as is_overlapping,
        is_eligible_user
        and baseline_hours >= min_baseline_hours
        and coalesce(tracked_until_at >= post_ends_at, false) as is_included,

        first_seen_at,
        sent_at - baseline_hours * interval '1 hour' as baseline_starts_at,
        sent_at,
        post_ends_at
    from measured
)

select * from final
