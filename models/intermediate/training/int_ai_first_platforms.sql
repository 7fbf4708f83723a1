with

users as (
    select
        user_key,
        signup_at + interval '24 hours' as first_day_ends_at
    from {{ ref('int_ai_users') }}
),

identified as (select * from {{ ref('int_events_identified') }}),

events as (select * from {{ ref('stg_posthog__events') }}),

-- a browser on a phone is the web
platforms as (
    select
        cast(event_id as text) as event_id,
        case
            when library = 'web' then 'web'
            when operating_system in ('iOS', 'iPadOS') then 'ios'
            when operating_system = 'Android' then 'android'
        end as platform
    from events
),

counted as (
    select
        users.user_key,
        platforms.platform,
        row_number() over (
            partition by users.user_key
            order by count(*) desc, platforms.platform asc
        ) as preference
    from users
    inner join identified
        on
            users.user_key = identified.user_key
            and users.first_day_ends_at > identified.occurred_at
    inner join platforms
        on identified.event_id = platforms.event_id
    where platforms.platform is not null
    group by users.user_key, platforms.platform
),

final as (
    select
        user_key,

        platform
    from counted
    where preference = 1
)

select * from final
