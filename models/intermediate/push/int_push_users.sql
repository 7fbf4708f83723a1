with

users as (select * from {{ ref('dim_users') }}),

notifications as (select * from {{ ref('fct_notifications') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- somebody the app never saw is first seen when a push reaches them
seen as (
    select
        users.user_key,
        least(users.app_first_seen_at, min(notifications.sent_at))
            as first_seen_at
    from users
    left join notifications
        on users.user_key = notifications.user_key
    where {{ is_eligible_user('users') }}
    group by users.user_key, users.app_first_seen_at
),

final as (
    select
        seen.user_key,

        seen.first_seen_at,
        greatest(
            seen.first_seen_at,
            coalesce(as_of.tracking_started_at, seen.first_seen_at)
        ) as observed_from_at
    from seen
    cross join as_of
    where seen.first_seen_at is not null
)

select * from final
