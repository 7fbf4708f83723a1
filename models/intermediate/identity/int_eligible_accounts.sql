with

identities as (select * from {{ ref('bridge_user_identities') }}),

users as (select * from {{ ref('dim_users') }}),

final as (
    select
        identities.source_system,
        identities.source_id as account_id,
        identities.user_key
    from identities
    inner join users
        on identities.user_key = users.user_key
    where {{ is_eligible_user('users') }}
)

select * from final
