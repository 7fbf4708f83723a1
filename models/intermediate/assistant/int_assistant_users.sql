with

accounts as (
    select * from {{ ref('int_accounts') }}
    where source_system = 'assistant' and is_account
),

assistant_users as (select * from {{ ref('stg_assistant__users') }}),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'assistant'
),

users as (select * from {{ ref('dim_users') }}),

plans as (select * from {{ ref('assistant_plans') }}),

planned as (
    select
        assistant_users.assistant_user_id,
        assistant_users.has_consent,
        plans.plan,
        coalesce(assistant_users.credit_allowance, plans.credit_allowance)
            as credit_allowance
    from assistant_users
    left join plans as known_plans
        on assistant_users.plan = known_plans.plan
    inner join plans
        on coalesce(known_plans.plan, 'unknown') = plans.plan
),

-- two accounts of one person are one: what only one agreed to is not agreed
final as (
    select
        identities.user_key,

        min(planned.plan) as plan,

        sum(planned.credit_allowance) as credit_allowance,

        bool_and(planned.has_consent) as has_consent,
        bool_or(users.is_test_account) as is_test,
        bool_and({{ is_eligible_user('users') }}) as is_eligible,

        min(accounts.created_at) as signed_up_at,
        case
            when bool_and(accounts.deleted_at is not null)
                then max(accounts.deleted_at)
        end as deleted_at
    from accounts
    inner join planned
        on accounts.source_id = planned.assistant_user_id
    inner join identities
        on accounts.source_id = identities.source_id
    inner join users
        on identities.user_key = users.user_key
    group by identities.user_key
)

select * from final
