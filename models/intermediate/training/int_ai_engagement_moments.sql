with recursive

users as (select * from {{ ref('int_ai_users') }}),

datasets as (
    select * from {{ ref('int_ai_datasets') }}
    where dataset = 'ai_engagement'
),

parameters as (select * from {{ ref('activity_parameters') }}),

-- DuckDB subtracts times without a zone many times as fast
lived as (
    select
        users.user_key,
        users.split,
        users.signup_at,
        cast(
            floor(
                extract(
                    epoch from datasets.known_until_at at time zone 'UTC'
                    - users.signup_at at time zone 'UTC'
                ) / 86400 / parameters.engagement_days
            ) as bigint
        ) as whole_periods
    from users
    cross join datasets
    cross join parameters
),

-- two whole periods must follow, those of the labels
moments as (
    select
        user_key,
        split,
        signup_at,
        whole_periods,
        cast(1 as bigint) as periods_before
    from lived
    where whole_periods >= 3

    union all

    select
        user_key,
        split,
        signup_at,
        whole_periods,
        periods_before + 1 as periods_before
    from moments
    where whole_periods >= periods_before + 3
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
