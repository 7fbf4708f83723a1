with

chemlink_persons as (select * from {{ ref('stg_chemlink__persons') }}),

engagement_persons as (select * from {{ ref('stg_engagement__persons') }}),

app_accounts as (select * from {{ ref('int_app_accounts') }}),

test_accounts as (select * from {{ ref('test_accounts') }}),

unioned as (
    select
        'chemlink' as source_system,
        cast(person_id as text) as source_id,
        person_id_hash as source_id_hash,
        cast(null as text) as external_id_hash,
        email_hash,
        has_finder,
        created_at,
        deleted_at
    from chemlink_persons

    union all

    select
        'engagement' as source_system,
        cast(person_id as text) as source_id,
        person_id_hash as source_id_hash,
        external_id_hash,
        email_hash,
        false as has_finder,
        created_at,
        deleted_at
    from engagement_persons

    union all

    select
        'app' as source_system,
        source_id,
        source_id_hash,
        cast(null as text) as external_id_hash,
        email_hash,
        false as has_finder,
        created_at,
        deleted_at
    from app_accounts
),

final as (
    select
        unioned.source_system,
        unioned.source_id,
        unioned.source_id_hash,
        unioned.external_id_hash,
        unioned.email_hash,

        unioned.has_finder,
        -- two look-ups, because one `exists` with `or` compares every pair
        coalesce(
            unioned.source_id_hash in (
                select test_accounts.account_hash from test_accounts
            )
            or unioned.email_hash in (
                select test_accounts.account_hash from test_accounts
            ),
            false
        ) as is_test_account,

        unioned.created_at,
        unioned.deleted_at
    from unioned
)

select * from final
