with

users as (
    select
        user_key,
        signup_at,
        signup_at + interval '24 hours' as first_day_ends_at
    from {{ ref('int_ai_users') }}
),

identified as (select * from {{ ref('int_events_identified') }}),

events as (select * from {{ ref('stg_posthog__events') }}),

-- a far end instead of none: an `or` would make the outer join a nested loop
profiles as (
    select
        user_key,
        profile_completion_score,
        is_known,
        has_experience,
        has_education,
        valid_from_at,
        coalesce(
            valid_until_at,
            cast('9999-12-31 00:00:00+00' as {{ type_instant() }})
        ) as valid_until_at
    from {{ ref('int_profile_scores') }}
),

loads as (
    select * from {{ ref('stg_loader__loads') }}
    where
        source_name = 'chemlink'
        and table_name = 'persons'
),

-- a browser on a phone is the web
platforms as (
    select
        cast(event_id as {{ type_text() }}) as event_id,
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
            order by count(*) desc, platforms.platform asc nulls last
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

-- a profile that no load saw on its first day is only known if nobody changed
-- it before the next one, so that a known score would reveal the future
seen as (
    select distinct users.user_key
    from users
    inner join loads
        on
            users.signup_at <= loads.finished_at
            and users.first_day_ends_at >= loads.finished_at
),

final as (
    select
        users.user_key,

        counted.platform,

        case
            when
                profiles.is_known
                and seen.user_key is not null
                then profiles.profile_completion_score
        end as profile_completion_score,

        profiles.user_key is not null as has_profile,
        profiles.has_experience,
        profiles.has_education
    from users
    left join counted
        on
            users.user_key = counted.user_key
            and counted.preference = 1
    left join profiles
        on
            users.user_key = profiles.user_key
            and users.first_day_ends_at > profiles.valid_from_at
            and users.first_day_ends_at <= profiles.valid_until_at
    left join seen
        on users.user_key = seen.user_key
)

select * from final
