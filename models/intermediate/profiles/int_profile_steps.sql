with

scores as (select * from {{ ref('int_profile_scores') }}),

-- the stretches of a profile follow each other, so the state of a step holds
-- first where a stretch with it begins, at or after the step before
basic_info as (
    select
        *,
        min(case when has_basic_info then valid_from_at end)
            over (partition by user_key) as basic_info_at
    from scores
),

experience as (
    select
        *,
        min(case
            when has_experience and valid_from_at >= basic_info_at
                then valid_from_at
        end)
            over (partition by user_key) as experience_at
    from basic_info
),

education as (
    select
        *,
        min(case
            when has_education and valid_from_at >= experience_at
                then valid_from_at
        end)
            over (partition by user_key) as education_at
    from experience
),

final as (
    select
        user_key,

        min(basic_info_at) as basic_info_at,
        min(experience_at) as experience_at,
        min(education_at) as education_at,
        min(valid_from_at)
        filter (where is_complete and valid_from_at >= education_at)
            as complete_profile_at
    from education
    group by user_key
)

select * from final
