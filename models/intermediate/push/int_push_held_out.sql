with

holdouts as (select * from {{ ref('push_holdouts') }}),

accounts as (
    select * from {{ ref('int_accounts') }}
    where source_system = 'app'
),

identities as (
    select * from {{ ref('bridge_user_identities') }}
    where source_system = 'app'
),

final as (
    select distinct
        holdouts.campaign_key,
        identities.user_key,

        holdouts.planned_share
    from holdouts
    inner join accounts
        on holdouts.account_hash = accounts.source_id_hash
    inner join identities
        on accounts.source_id = identities.source_id
)

select * from final
