with

identities as (select * from {{ ref('bridge_user_identities') }}),

accounts as (select * from {{ ref('int_accounts') }}),

-- PostHog knows people without an account: they have no date and no flags
known_accounts as (
    select
        identities.user_key,
        identities.source_system,
        identities.has_conflict,
        accounts.has_finder,
        accounts.is_test_account,
        accounts.is_account as has_account,
        accounts.deleted_at is not null as is_deleted,
        identities.source_system <> 'posthog' as is_account,
        accounts.created_at
    from identities
    left join accounts
        on
            identities.source_system = accounts.source_system
            and identities.source_id = accounts.source_id
),

final as (
    select
        user_key,

        bool_or(source_system = 'app') as is_in_app,
        bool_or(source_system = 'posthog') as is_in_posthog,
        bool_or(source_system = 'chemlink') as is_in_chemlink,
        bool_or(source_system = 'engagement') as is_in_engagement,
        bool_or(source_system = 'assistant') as is_in_assistant,
        bool_or(has_conflict) as has_identity_conflict,
        coalesce(bool_or(has_finder), false) as has_finder,
        coalesce(bool_or(is_test_account), false) as is_test_account,
        coalesce(bool_and(is_deleted) filter (where is_account), false)
            as is_deleted,
        coalesce(bool_or(has_account), false) as has_account,

        min(created_at) as signup_at,
        min(created_at) filter (where source_system = 'app') as app_signup_at
    from known_accounts
    group by 1
)

select * from final
