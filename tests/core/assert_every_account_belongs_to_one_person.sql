-- unique_together says at most once, this says at least once
with

accounts as (
    select source_system, source_id from {{ ref('int_accounts') }}
    union all
    select 'posthog' as source_system, distinct_id_hash as source_id
    from {{ ref('int_distinct_ids') }}
    where last_received_at is not null
),

identities as (select * from {{ ref('bridge_user_identities') }})

select accounts.source_system, accounts.source_id
from accounts
left join identities
    on
        accounts.source_system = identities.source_system
        and accounts.source_id = identities.source_id
where identities.user_key is null
