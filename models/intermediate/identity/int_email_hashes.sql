with

accounts as (
    select * from {{ ref('int_accounts') }}
    where email_hash is not null
),

marked as (
    select
        *,
        bool_or(deleted_at is null) over (
            partition by email_hash, source_system
        ) as has_live_account
    from accounts
),

-- a deleted twin must not take the address from the live account
owners as (
    select * from marked
    where has_live_account = (deleted_at is null)
),

final as (
    select
        email_hash,
        min(source_id_hash) filter (where source_system = 'chemlink')
            as chemlink_source_id_hash,
        min(source_id) filter (where source_system = 'engagement')
            as engagement_source_id,
        min(source_id) filter (where source_system = 'app') as app_source_id,

        count(*) filter (where source_system = 'chemlink')
            as chemlink_account_count,
        count(*) filter (where source_system = 'engagement')
            as engagement_account_count,
        count(*) filter (where source_system = 'app') as app_account_count
    from owners
    group by 1
)

select * from final
