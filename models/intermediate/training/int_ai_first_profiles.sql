with

users as (
    select
        user_key,
        signup_at,
        signup_at + interval '24 hours' as first_day_ends_at
    from {{ ref('int_ai_users') }}
),

profiles as (select * from {{ ref('int_profile_scores') }}),

loads as (
    select * from {{ ref('stg_chemlink__loads') }}
    where table_name = 'persons'
),

-- a profile that no load saw on its first day is only known if nobody changed
-- it before the next one, so that a known score would tell the future
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

        case
            when
                profiles.is_known
                and seen.user_key is not null
                then profiles.profile_completion_score
        end as profile_completion_score,

        profiles.has_experience,
        profiles.has_education
    from users
    inner join profiles
        on
            users.user_key = profiles.user_key
            and users.first_day_ends_at > profiles.valid_from_at
            and (
                profiles.valid_until_at is null
                or users.first_day_ends_at <= profiles.valid_until_at
            )
    left join seen
        on users.user_key = seen.user_key
)

select * from final
