with

candidates as (select * from {{ ref('int_insight_candidates') }}),

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

answers as (select * from {{ ref('int_insight_answers') }}),

asked as (
    select distinct
        user_key,
        day
    from {{ ref('stg_insights__calls') }}
    where purpose = 'facets'
),

final as (
    select
        candidates.day,

        candidates.tier,

        count(*) as active_people,
        count(*) filter (where users.has_consent) as consenting_people,
        count(*) filter (where candidates.is_chosen) as chosen_people,
        count(answers.cache_key) as answered_people,
        count(*) filter (
            where
            candidates.is_chosen
            and answers.cache_key is null
            and asked.user_key is not null
        ) as failed_people,
        count(*) filter (where not answers.is_old_enough) as too_new_people
    from candidates
    inner join users
        on candidates.user_key = users.user_key
    left join answers
        on
            candidates.user_key = answers.user_key
            and candidates.day = answers.day
    left join asked
        on
            candidates.user_key = asked.user_key
            and candidates.day = asked.day
    group by candidates.day, candidates.tier
)

select * from final
