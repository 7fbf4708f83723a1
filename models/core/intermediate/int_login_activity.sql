with

login_sessions as (select * from {{ ref('stg_chemlink__login_sessions') }}),

persons as (select * from {{ ref('stg_chemlink__persons') }}),

-- one login must not count for two profiles, nor for a deleted twin
identity_owners as (
    select
        identity_id,
        coalesce(
            min(person_id) filter (where deleted_at is null), min(person_id)
        ) as person_id
    from persons
    where identity_id is not null
    group by 1
),

final as (
    select
        cast(identity_owners.person_id as text) as account_id,
        'login' as activity_type,
        'chemlink' as source_system,
        'sessions' as source_table,
        cast(login_sessions.login_session_id as text) as source_id,
        coalesce(login_sessions.authenticated_at, login_sessions.issued_at)
            as occurred_at
    from login_sessions
    inner join identity_owners
        on login_sessions.identity_id = identity_owners.identity_id
)

select * from final
