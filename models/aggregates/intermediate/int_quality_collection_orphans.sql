with

persons as (select * from {{ ref('stg_chemlink__persons') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_profiles as (
    select * from {{ ref('stg_chemlink__collection_profiles') }}
),

as_of as (select * from {{ ref('int_as_of') }}),

links as (
    select
        'chemlink.collections.person_id' as subject,
        'person' as parent,
        creator_person_id as parent_id,
        created_at
    from collections

    union all

    select
        'chemlink.collection_profiles.collection_id' as subject,
        'collection' as parent,
        collection_id as parent_id,
        created_at
    from collection_profiles

    union all

    select
        'chemlink.collection_profiles.person_id' as subject,
        'person' as parent,
        profile_person_id as parent_id,
        created_at
    from collection_profiles

    union all

    select
        'chemlink.collection_profiles.added_by' as subject,
        'person' as parent,
        added_by_person_id as parent_id,
        created_at
    from collection_profiles
),

parents as (
    select 'person' as parent, person_id as parent_id from persons
    union all
    select 'collection' as parent, collection_id as parent_id from collections
),

final as (
    {{ quality_orphans('links', 'parents', 'as_of') }}
)

select * from final
