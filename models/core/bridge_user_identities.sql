with

account_identities as (select * from {{ ref('int_account_identities') }}),

posthog_identities as (select * from {{ ref('int_posthog_identities') }}),

match_methods as (select * from {{ ref('identity_match_methods') }}),

unioned as (
    select
        source_system,
        source_id,
        user_key,
        match_method,
        has_conflict
    from account_identities

    union all

    select
        'posthog' as source_system,
        source_id,
        user_key,
        match_method,
        has_conflict
    from posthog_identities
),

final as (
    select
        unioned.source_system,
        unioned.source_id,
        unioned.user_key,
        unioned.match_method,
        match_methods.confidence,
        unioned.has_conflict
    from unioned
    inner join match_methods
        on unioned.match_method = match_methods.match_method
)

select * from final
