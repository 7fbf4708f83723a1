with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

finder_profiles as (select * from {{ ref('stg_chemlink__finder_profiles') }}),

access_grants as (select * from {{ ref('stg_chemlink__access_grants') }}),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.query_votes.voter_id' as subject,
        'person' as parent,
        voter_person_id as parent_id,
        created_at
    from votes

    union all

    select
        'chemlink.query_votes.profile_id' as subject,
        'person' as parent,
        rated_person_id as parent_id,
        created_at
    from votes

    union all

    select
        'chemlink.embeddings.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from finder_profiles

    union all

    select
        'chemlink.view_access.person_id' as subject,
        'person' as parent,
        person_id as parent_id,
        created_at
    from access_grants
),

parents as (
    select
        'person' as parent,
        person_id as parent_id
    from persons
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
