with

accounts as (select * from {{ ref('int_accounts') }}),

email_hashes as (select * from {{ ref('int_email_hashes') }}),

chemlink_people as (
    select distinct source_id_hash from accounts
    where source_system = 'chemlink'
),

candidates as (
    select
        accounts.source_id,
        accounts.source_id_hash,
        chemlink_people.source_id_hash as linked_key,
        coalesce(email_hashes.chemlink_account_count, 0) as same_email_count,
        -- an address shared by several accounts proves nothing
        case
            when
                email_hashes.chemlink_account_count = 1
                and email_hashes.engagement_account_count = 1
                then email_hashes.chemlink_source_id_hash
        end as email_key
    from accounts
    left join chemlink_people
        on accounts.external_id_hash = chemlink_people.source_id_hash
    left join email_hashes
        on accounts.email_hash = email_hashes.email_hash
    where accounts.source_system = 'engagement'
),

final as (
    select
        source_id,
        coalesce(linked_key, email_key, source_id_hash) as user_key,
        case
            when linked_key is not null then 'direct'
            when email_key is not null then 'email_hash'
            else 'unmatched'
        end as match_method,
        case
            when linked_key is not null
                then coalesce(email_key <> linked_key, false)
            else same_email_count > 0 and email_key is null
        end as has_conflict
    from candidates
)

select * from final
