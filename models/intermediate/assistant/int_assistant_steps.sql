with

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible and signed_up_at is not null
),

conversations as (select * from {{ ref('fct_conversations') }}),

jobs as (select * from {{ ref('fct_service_jobs') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

credits as (select * from {{ ref('int_assistant_credits') }}),

talked as (
    select
        users.user_key,
        users.signed_up_at,
        min(conversations.started_at) as talked_at
    from users
    left join conversations
        on
            users.user_key = conversations.user_key
            and users.signed_up_at <= conversations.started_at
    group by 1, 2
),

tried as (
    select
        talked.user_key,
        talked.signed_up_at,
        talked.talked_at,
        min(jobs.created_at) as tried_at
    from talked
    left join jobs
        on
            talked.user_key = jobs.user_key
            and talked.talked_at <= jobs.created_at
    group by 1, 2, 3
),

made as (
    select
        tried.user_key,
        tried.signed_up_at,
        tried.talked_at,
        tried.tried_at,
        min(activity.occurred_at) as made_at
    from tried
    left join activity
        on
            tried.user_key = activity.user_key
            and activity.activity_type = 'result_made'
            and tried.tried_at <= activity.occurred_at
    group by 1, 2, 3, 4
),

kept as (
    select
        made.user_key,
        made.signed_up_at,
        made.talked_at,
        made.tried_at,
        made.made_at,
        min(activity.occurred_at) as kept_at
    from made
    left join activity
        on
            made.user_key = activity.user_key
            and activity.activity_type in (
                'result_downloaded', 'result_shared'
            )
            and made.made_at <= activity.occurred_at
    group by 1, 2, 3, 4, 5
),

-- credits that ended before are still used up when a result is kept
reached as (
    select
        kept.*,
        case
            when kept.kept_at is not null and credits.exhausted_at is not null
                then greatest(kept.kept_at, credits.exhausted_at)
        end as used_up_at,
        case
            when kept.kept_at is not null and credits.returned_at is not null
                then greatest(kept.kept_at, credits.returned_at)
        end as came_back_at
    from kept
    inner join credits
        on kept.user_key = credits.user_key
),

steps as (
    select
        reached.user_key,
        reached.signed_up_at,
        named.step_number,
        named.assistant_step,
        case named.assistant_step
            when 'signed_up' then reached.signed_up_at
            when 'first_conversation' then reached.talked_at
            when 'used_tool' then reached.tried_at
            when 'made_result' then reached.made_at
            when 'kept_result' then reached.kept_at
            when 'used_up_credits' then reached.used_up_at
            when 'came_back' then reached.came_back_at
        end as reached_at
    from reached
    cross join (
        values
        (1, 'signed_up'),
        (2, 'first_conversation'),
        (3, 'used_tool'),
        (4, 'made_result'),
        (5, 'kept_result'),
        (6, 'used_up_credits'),
        (7, 'came_back')
    ) as named (step_number, assistant_step)
),

final as (
    select
        user_key,

        assistant_step,

        cast(step_number as bigint) as step_number,

        cast(
            date_trunc('month', {{ reporting_date('signed_up_at') }}) as date
        ) as signup_month_start_date,

        reached_at
    from steps
)

select * from final
