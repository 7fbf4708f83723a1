with

accounts as (select * from {{ ref('int_accounts') }}),

chemlink_people as (
    select distinct source_id_hash from accounts
    where source_system = 'chemlink'
),

linked as (
    select
        accounts.source_system,
        accounts.source_id,
        accounts.source_id_hash,
        accounts.email_hash,
        case
            when accounts.source_system = 'chemlink'
                then accounts.source_id_hash
            else chemlink_people.source_id_hash
        end as linked_key,
        -- a deleted twin must not take the address from the live account
        accounts.email_hash is not null
        and bool_or(accounts.deleted_at is null) over (
            partition by accounts.email_hash, accounts.source_system
        ) = (accounts.deleted_at is null) as is_owner
    from accounts
    left join chemlink_people
        on accounts.external_id_hash = chemlink_people.source_id_hash
),

owners as (
    select * from linked
    where is_owner
),

-- an address shared by several accounts of a system proves nothing
owner_counts as (
    select
        email_hash,
        source_system,
        count(*) as owner_count
    from owners
    group by
        email_hash,
        source_system
),

addresses as (
    select
        email_hash,
        count(*) filter (where source_system = 'chemlink') as chemlink_count,
        count(*) filter (where source_system = 'engagement')
            as engagement_count,
        count(*) filter (where source_system = 'app') as app_count,
        min(source_id_hash) filter (where source_system = 'chemlink')
            as chemlink_key,
        min(linked_key) filter (where source_system = 'engagement')
            as engagement_linked_key,
        min(coalesce(linked_key, source_id_hash))
        filter (where source_system = 'engagement') as engagement_key,
        min(source_id_hash) filter (where source_system = 'app') as app_key
    from owners
    group by email_hash
),

-- ChemLink goes first, then the engagement platform, then the app
matched as (
    select
        linked.*,
        owner_counts.owner_count,
        case
            when owner_counts.owner_count > 1 then null
            when addresses.chemlink_count = 1 then addresses.chemlink_key
            when
                addresses.chemlink_count > 1
                or linked.source_system = 'engagement'
                then null
            when addresses.engagement_count = 1 then addresses.engagement_key
            when
                addresses.engagement_count > 1
                or linked.source_system = 'app'
                then null
            when addresses.app_count = 1 then addresses.app_key
        end as email_key,
        linked.source_system <> 'engagement'
        and addresses.chemlink_count = 1
        and addresses.engagement_count = 1
        and addresses.chemlink_key <> addresses.engagement_linked_key
            as is_contradicted,
        addresses.chemlink_count > 0
        or (
            linked.source_system <> 'engagement'
            and addresses.engagement_count > 0
        )
        or (
            linked.source_system not in ('engagement', 'app')
            and addresses.app_count > 0
        ) as has_same_email
    from linked
    left join owner_counts
        on
            linked.email_hash = owner_counts.email_hash
            and linked.source_system = owner_counts.source_system
    left join addresses
        on linked.email_hash = addresses.email_hash
),

final as (
    select
        source_system,
        source_id,
        source_id_hash,
        case when is_owner and owner_count = 1 then email_hash end
            as email_hash,

        coalesce(linked_key, email_key, source_id_hash) as user_key,
        case
            when linked_key is not null then 'direct'
            when email_key is not null then 'email_hash'
            else 'unmatched'
        end as match_method,
        case
            when source_system = 'chemlink' then false
            when linked_key is not null
                then coalesce(email_key <> linked_key, false)
            when email_key is not null then coalesce(is_contradicted, false)
            else coalesce(has_same_email, false)
        end as has_conflict
    from matched
)

select * from final
