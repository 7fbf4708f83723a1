with

accounts as (
    select * from {{ ref('int_accounts') }}
    where email_hash is not null
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
    from accounts
    group by 1
)

select * from final
