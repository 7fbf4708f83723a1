with

users as (select * from {{ ref('int_ai_users') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_engagement'
),

parameters as (select * from {{ ref('activity_parameters') }}),

lived as (
    select
        users.user_key,
        users.split,
        users.signup_at,
        cast(
            floor(
                {{ seconds_between(
                    'users.signup_at', 'datasets.known_until_at'
                ) }} / 86400 / parameters.engagement_days
            ) as bigint
        ) as whole_periods
    from users
    cross join datasets
    cross join parameters
),

-- two whole periods must follow, those of the labels
moments as (
    select
        lived.user_key,
        lived.split,
        lived.signup_at,
        cast(numbers.periods_before as bigint) as periods_before
    from lived
    cross join lateral {{ integers(
        1, 'lived.whole_periods - 2', 'periods_before'
    ) }} as numbers
    where lived.whole_periods >= 3
),

final as (
    select
        moments.user_key,

        moments.split,

        moments.periods_before,
        moments.periods_before * parameters.engagement_days
            as days_since_signup,

        moments.signup_at,
        moments.signup_at
        + moments.periods_before * parameters.engagement_days
        * interval '24 hours' as as_of_at
    from moments
    cross join parameters
)

select * from final
