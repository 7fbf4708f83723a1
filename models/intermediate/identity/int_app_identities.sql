with

accounts as (
    select * from {{ ref('int_accounts') }}
    where source_system = 'app'
),

email_hashes as (select * from {{ ref('int_email_hashes') }}),

engagement_identities as (select * from {{ ref('int_engagement_identities') }}),

candidates as (
    select
        accounts.source_id,
        accounts.source_id_hash,
        engagement_identities.user_key as engagement_key,
        email_hashes.app_account_count = 1 as is_unique_here,
        coalesce(email_hashes.chemlink_account_count, 0) as chemlink_count,
        coalesce(email_hashes.engagement_account_count, 0) as engagement_count,
        email_hashes.chemlink_source_id_hash as chemlink_key
    from accounts
    left join email_hashes
        on accounts.email_hash = email_hashes.email_hash
    left join engagement_identities
        on email_hashes.engagement_source_id = engagement_identities.source_id
),

-- ChemLink goes first; an address shared by several accounts proves nothing
matched as (
    select
        source_id,
        source_id_hash,
        case
            when not is_unique_here then null
            when chemlink_count = 1 then chemlink_key
            when chemlink_count = 0 and engagement_count = 1
                then engagement_key
        end as email_key,
        chemlink_count + engagement_count > 0 as has_same_email,
        chemlink_count = 1
        and engagement_count = 1
        and chemlink_key <> engagement_key as is_contradicted
    from candidates
),

final as (
    select
        source_id,
        source_id_hash,
        coalesce(email_key, source_id_hash) as user_key,
        case
            when email_key is not null then 'email_hash' else 'unmatched'
        end as match_method,
        case
            when email_key is not null then coalesce(is_contradicted, false)
            else has_same_email
        end as has_conflict
    from matched
)

select * from final
