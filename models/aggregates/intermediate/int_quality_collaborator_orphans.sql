with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.collection_collaborators.collection_id' as subject,
        'collection' as parent,
        collection_id as parent_id,
        created_at
    from collection_collaborators

    union all

    select
        'chemlink.collection_collaborators.person_id' as subject,
        'person' as parent,
        collaborator_person_id as parent_id,
        created_at
    from collection_collaborators

    union all

    select
        'chemlink.collection_collaborators.added_by' as subject,
        'person' as parent,
        added_by_person_id as parent_id,
        created_at
    from collection_collaborators
),

parents as (
    select 'collection' as parent, collection_id as parent_id from collections
    union all
    select 'person' as parent, person_id as parent_id from persons
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
