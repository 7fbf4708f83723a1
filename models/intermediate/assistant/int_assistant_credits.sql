with

users as (
    select * from {{ ref('int_assistant_users') }}
    where is_eligible
),

jobs as (select * from {{ ref('fct_service_jobs') }}),

activity as (select * from {{ ref('fct_user_activity') }}),

conversations as (select * from {{ ref('fct_conversations') }}),

parameters as (select * from {{ ref('assistant_parameters') }}),

spent as (
    select
        user_key,
        coalesce(completed_at, created_at) as spent_at,
        sum(credits_used) over (
            partition by user_key
            order by coalesce(completed_at, created_at), job_id
            rows between unbounded preceding and current row
        ) as credits_so_far
    from jobs
),

-- a product may end the credits by another count than ours
limits as (
    select
        user_key,
        min(occurred_at) as limited_at
    from activity
    where activity_type = 'credit_limit_reached'
    group by user_key
),

exhausted as (
    select
        users.user_key,
        users.plan,
        users.credit_allowance,
        users.signed_up_at,
        max(spent.credits_so_far) as credits_used,
        least(
            min(spent.spent_at) filter (
                where
                spent.credits_so_far
                >= users.credit_allowance * parameters.exhausted_share
            ),
            min(limits.limited_at)
        ) as exhausted_at
    from users
    cross join parameters
    left join spent
        on users.user_key = spent.user_key
    left join limits
        on users.user_key = limits.user_key
    group by
        users.user_key,
        users.plan,
        users.credit_allowance,
        users.signed_up_at
),

returned as (
    select
        exhausted.user_key,
        min(conversations.started_at) as returned_at
    from exhausted
    inner join conversations
        on
            exhausted.user_key = conversations.user_key
            and {{ reporting_date('exhausted.exhausted_at') }}
            < {{ reporting_date('conversations.started_at') }}
    group by exhausted.user_key
),

final as (
    select
        exhausted.user_key,

        exhausted.plan,

        exhausted.credit_allowance,
        coalesce(exhausted.credits_used, 0) as credits_used,

        exhausted.signed_up_at,
        exhausted.exhausted_at,
        returned.returned_at
    from exhausted
    left join returned
        on exhausted.user_key = returned.user_key
)

select * from final
