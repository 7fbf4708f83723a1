with

users as (
    select
        user_key,
        signup_at + interval '24 hours' as first_day_ends_at
    from {{ ref('int_ai_users') }}
),

profiles as (select * from {{ ref('int_profile_scores') }}),

loads as (
    select * from {{ ref('stg_chemlink__loads') }}
    where table_name = 'persons'
),

-- before the first load a profile is only known if nobody changed it later, so
-- that a known score would tell the future
history as (
    select min(finished_at) as began_at from loads
),

final as (
    select
        users.user_key,

        case
            when
                profiles.is_known
                and history.began_at <= users.first_day_ends_at
                then profiles.profile_completion_score
        end as profile_completion_score,

        profiles.has_experience,
        profiles.has_education
    from users
    cross join history
    inner join profiles
        on
            users.user_key = profiles.user_key
            and users.first_day_ends_at > profiles.valid_from_at
            and (
                profiles.valid_until_at is null
                or users.first_day_ends_at <= profiles.valid_until_at
            )
)

select * from final
