with

chemlink_persons as (select * from {{ ref('chemlink_persons_history') }}),

engagement_persons as (select * from {{ ref('engagement_persons_history') }}),

app_accounts as (select * from {{ ref('int_app_accounts') }}),

-- the app says when an account was deleted, but not when its address changed
final as (
    select
        'chemlink' as source_system,
        cast(person_id as text) as source_id,
        user_key as source_id_hash,
        cast(null as text) as external_id_hash,
        email_hash,
        has_finder,
        created_at as known_at,
        created_at,
        deleted_at,
        dbt_valid_from as valid_from_at
    from chemlink_persons

    union all

    select
        'engagement' as source_system,
        cast(person_id as text) as source_id,
        person_id_hash as source_id_hash,
        external_id_hash,
        email_hash,
        false as has_finder,
        created_at as known_at,
        created_at,
        deleted_at,
        dbt_valid_from as valid_from_at
    from engagement_persons

    union all

    select
        'app' as source_system,
        source_id,
        source_id_hash,
        cast(null as text) as external_id_hash,
        email_hash,
        false as has_finder,
        known_at,
        created_at,
        deleted_at,
        known_at as valid_from_at
    from app_accounts
)

select * from final
