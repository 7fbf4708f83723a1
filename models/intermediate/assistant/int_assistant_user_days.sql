with

conversations as (select * from {{ ref('fct_conversations') }}),

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

final as (
    select
        users.user_key,

        count(*) as conversation_count,

        {{ reporting_date('users.signed_up_at') }} as signup_date,
        {{ reporting_date('conversations.started_at') }} as date_day
    from users
    inner join conversations
        on users.user_key = conversations.user_key
    group by 1, 3, 4
)

select * from final
