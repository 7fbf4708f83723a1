with

chemlink_persons as (select * from {{ ref('chemlink_persons_history') }}),

engagement_persons as (select * from {{ ref('engagement_persons_history') }}),

chemlink_profiles as (select * from {{ ref('int_chemlink_profiles') }}),

engagement_profiles as (select * from {{ ref('int_engagement_profiles') }}),

app_users as (select * from {{ ref('stg_neon__users') }}),

notifications as (select * from {{ ref('stg_neon__notifications') }}),

-- the app database is optional: without it, users are known by their pushes
pushed_users as (
    select
        user_id,
        user_id_hash,
        min(sent_at) as first_pushed_at
    from notifications
    group by 1, 2
),

app_accounts as (
    select
        app_users.email_hash,
        app_users.email_domain_hash,
        app_users.created_at,
        app_users.deleted_at,
        app_users.user_id is not null as is_registered,
        cast(
            coalesce(app_users.user_id, pushed_users.user_id)
            as {{ type_text() }}
        )
            as source_id,
        coalesce(app_users.user_id_hash, pushed_users.user_id_hash)
            as source_id_hash,
        least(app_users.created_at, pushed_users.first_pushed_at) as known_at
    from app_users
    full outer join pushed_users
        on app_users.user_id = pushed_users.user_id
),

-- the row of today says who is gone, because coming back makes no version; the
-- app says when an account was deleted, but not when its address changed
final as (
    select
        'chemlink' as source_system,
        cast(chemlink_persons.person_id as {{ type_text() }}) as source_id,
        chemlink_persons.user_key as source_id_hash,
        cast(null as {{ type_text() }}) as external_id_hash,
        chemlink_persons.email_hash,
        chemlink_persons.email_domain_hash,
        chemlink_persons.has_finder,
        true as is_registered,
        chemlink_persons.created_at as known_at,
        chemlink_persons.created_at,
        chemlink_profiles.deleted_at,
        chemlink_persons.dbt_valid_from as valid_from_at
    from chemlink_persons
    left join chemlink_profiles
        on chemlink_persons.person_id = chemlink_profiles.person_id

    union all

    select
        'engagement' as source_system,
        engagement_persons.person_id as source_id,
        engagement_persons.person_id_hash as source_id_hash,
        engagement_persons.external_id_hash,
        engagement_persons.email_hash,
        engagement_persons.email_domain_hash,
        false as has_finder,
        true as is_registered,
        engagement_persons.created_at as known_at,
        engagement_persons.created_at,
        engagement_profiles.deleted_at,
        engagement_persons.dbt_valid_from as valid_from_at
    from engagement_persons
    left join engagement_profiles
        on engagement_persons.person_id = engagement_profiles.person_id

    union all

    select
        'app' as source_system,
        source_id,
        source_id_hash,
        cast(null as {{ type_text() }}) as external_id_hash,
        email_hash,
        email_domain_hash,
        false as has_finder,
        is_registered,
        known_at,
        created_at,
        deleted_at,
        known_at as valid_from_at
    from app_accounts

    {% for system, parts in source_systems().items() if parts.accounts %}
        union all

        select
            '{{ system }}' as source_system,
            cast({{ parts.accounts.id }} as {{ type_text() }}) as source_id,
            {{ parts.accounts.id }}_hash as source_id_hash,
            cast(null as {{ type_text() }}) as external_id_hash,
            email_hash,
            email_domain_hash,
            false as has_finder,
            true as is_registered,
            created_at as known_at,
            created_at,
            deleted_at,
            created_at as valid_from_at
        from {{ ref(parts.accounts.model) }}
    {% endfor %}
)

select * from final
