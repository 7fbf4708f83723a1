with

users as (select * from {{ ref('int_ai_users') }}),

assistant_users as (
    select
        user_key,
        {{ reporting_date('signed_up_at') }} as signup_date
    from {{ ref('int_assistant_users') }}
    where signed_up_at is not null
),

user_days as (
    select
        user_key,
        conversation_count,
        cast({{ days_between('signup_date', 'date_day') }} as bigint) as age
    from {{ ref('int_assistant_user_days') }}
),

-- days are those of agg_assistant_retention, and the day of the sign-up is 0
counted as (
    select
        user_key,
        sum(conversation_count) filter (where age between 0 and 6)
            as conversation_count,
        count(*) filter (where age between 0 and 6) as active_day_count,
        6 - max(age) filter (where age between 0 and 6)
            as days_since_last_conversation,
        bool_or(age = 7) as is_back_on_day_7,
        bool_or(age = 30) as is_back_on_day_30
    from user_days
    group by user_key
),

final as (
    select
        users.user_key,

        users.split,

        cast(counted.conversation_count as bigint) as conversation_count,
        counted.active_day_count,
        counted.days_since_last_conversation,

        counted.is_back_on_day_7,
        counted.is_back_on_day_30,

        assistant_users.signup_date,

        {{ day_start('assistant_users.signup_date') }} as starts_at,
        {{ day_start('assistant_users.signup_date + 7') }} as as_of_at,
        {{ day_start('assistant_users.signup_date + 31') }} as horizon_ends_at
    from users
    inner join assistant_users
        on users.user_key = assistant_users.user_key
    inner join counted
        on users.user_key = counted.user_key
    where counted.active_day_count > 0
)

select * from final
