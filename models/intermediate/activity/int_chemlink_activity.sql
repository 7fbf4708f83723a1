with

votes as (select * from {{ ref('stg_chemlink__votes') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_profiles as (
    select * from {{ ref('stg_chemlink__collection_profiles') }}
),

collection_collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

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

unioned as (
    select
        voter_person_id as person_id,
        'vote' as activity_type,
        'query_votes' as source_table,
        cast(vote_id as text) as source_id,
        created_at as occurred_at
    from votes

    union all

    select
        creator_person_id as person_id,
        'collection_created' as activity_type,
        'collections' as source_table,
        cast(collection_id as text) as source_id,
        created_at as occurred_at
    from collections

    union all

    select
        added_by_person_id as person_id,
        'profile_added_to_collection' as activity_type,
        'collection_profiles' as source_table,
        cast(collection_profile_id as text) as source_id,
        created_at as occurred_at
    from collection_profiles

    union all

    select
        added_by_person_id as person_id,
        'collection_shared' as activity_type,
        'collection_collaborators' as source_table,
        cast(collection_collaborator_id as text) as source_id,
        created_at as occurred_at
    from collection_collaborators

    union all

    select
        person_id,
        'login' as activity_type,
        'sessions' as source_table,
        cast(login_session_id as text) as source_id,
        logged_in_at as occurred_at
    from candidates
    where match_rank = 1
),

final as (
    select
        cast(person_id as text) as account_id,
        activity_type,
        'chemlink' as source_system,
        source_table,
        source_id,
        occurred_at
    from unioned
)

select * from final
