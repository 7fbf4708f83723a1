with

collections as (select * from {{ ref('stg_chemlink__collections') }}),

collection_profiles as (
    select * from {{ ref('stg_chemlink__collection_profiles') }}
),

collection_collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

votes as (select * from {{ ref('stg_chemlink__votes') }}),

searches as (select * from {{ ref('stg_chemlink__searches') }}),

as_of as (select * from {{ ref('int_as_of') }}),

table_rows as (
    select
        'chemlink.collections' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from collections

    union all

    select
        'chemlink.collection_profiles' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from collection_profiles

    union all

    select
        'chemlink.collection_collaborators' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from collection_collaborators

    union all

    select
        'chemlink.query_votes' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from votes

    union all

    select
        'chemlink.query_embeddings' as subject,
        created_at,
        updated_at,
        deleted_at,
        has_implausible_time
    from searches
),

final as (
    {{ quality_tables('table_rows', 'as_of') }}
)

select * from final
