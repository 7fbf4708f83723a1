with

login_sessions as (select * from {{ ref('stg_chemlink__login_sessions') }}),

persons as (select * from {{ ref('stg_chemlink__persons') }}),

logins as (
    select
        login_session_id,
        identity_id,
        coalesce(authenticated_at, issued_at) as logged_in_at
    from login_sessions
),

-- one login must not count for two profiles, nor for a deleted twin
candidates as (
    select
        logins.login_session_id,
        logins.logged_in_at,
        persons.person_id,
        row_number() over (
            partition by logins.login_session_id
            order by
                coalesce(persons.created_at > logins.logged_in_at, false)
                or coalesce(persons.deleted_at <= logins.logged_in_at, false),
                persons.person_id
        ) as match_rank
    from logins
    inner join persons
        on logins.identity_id = persons.identity_id
),

final as (
    select
        cast(person_id as {{ type_text() }}) as account_id,
        'login' as activity_type,
        'chemlink' as source_system,
        'sessions' as source_table,
        cast(login_session_id as {{ type_text() }}) as source_id,
        logged_in_at as occurred_at
    from candidates
    where match_rank = 1
)

select * from final
