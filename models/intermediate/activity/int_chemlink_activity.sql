with

votes as (select * from {{ ref('stg_chemlink__votes') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_profiles as (
    select * from {{ ref('stg_chemlink__collection_profiles') }}
),

collection_collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

unioned as (
    select
        voter_person_id as person_id,
        'vote' as activity_type,
        'query_votes' as source_table,
        vote_id as source_id,
        created_at as occurred_at
    from votes

    union all

    select
        creator_person_id as person_id,
        'collection_created' as activity_type,
        'collections' as source_table,
        collection_id as source_id,
        created_at as occurred_at
    from collections

    union all

    select
        added_by_person_id as person_id,
        'profile_added_to_collection' as activity_type,
        'collection_profiles' as source_table,
        collection_profile_id as source_id,
        created_at as occurred_at
    from collection_profiles

    union all

    select
        added_by_person_id as person_id,
        'collection_shared' as activity_type,
        'collection_collaborators' as source_table,
        collection_collaborator_id as source_id,
        created_at as occurred_at
    from collection_collaborators
),

final as (
    select
        cast(person_id as text) as account_id,
        activity_type,
        'chemlink' as source_system,
        source_table,
        cast(source_id as text) as source_id,
        occurred_at
    from unioned
)

select * from final
