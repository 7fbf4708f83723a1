with

scores as (select * from {{ ref('int_profile_scores') }}),

users as (select * from {{ ref('dim_users') }}),

dated as (
    select
        scores.user_key,
        scores.profile_completion_score,
        scores.is_complete,
        scores.is_known,
        {{ reporting_date('scores.valid_from_at') }} as first_date,
        {{ reporting_date('scores.valid_until_at') }} as changed_date
    from scores
    inner join users
        on scores.user_key = users.user_key
    where {{ is_eligible_user('users') }}
),

final as (
    select
        user_key,

        profile_completion_score,

        is_complete,
        is_known,

        first_date,
        changed_date
    from dated
    -- of several profiles in a day, the last one stood when it ended
    where first_date < changed_date or changed_date is null
)

select * from final
