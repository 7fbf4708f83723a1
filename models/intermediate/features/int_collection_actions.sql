with

activity as (select * from {{ ref('int_counted_activity') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

profiles as (select * from {{ ref('stg_chemlink__collection_profiles') }}),

collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

versions as (select * from {{ ref('int_collection_versions') }}),

source_rows as (
    select
        'collections' as source_table,
        collection_id as source_id,
        collection_id
    from collections

    union all

    select
        'collection_profiles' as source_table,
        collection_profile_id as source_id,
        collection_id
    from profiles

    union all

    select
        'collection_collaborators' as source_table,
        collection_collaborator_id as source_id,
        collection_id
    from collaborators
),

actions as (
    select
        activity.metric_date,
        activity.activity_type,
        coalesce(versions.privacy, 'unknown') as privacy
    from activity
    inner join source_rows
        on
            activity.source_table = source_rows.source_table
            and activity.source_id = cast(source_rows.source_id as text)
    left join versions
        on
            source_rows.collection_id = versions.collection_id
            and activity.metric_date
            >= {{ reporting_date('versions.valid_from_at') }}
            and (
                versions.valid_until_at is null
                or activity.metric_date
                < {{ reporting_date('versions.valid_until_at') }}
            )
),

final as (
    select
        metric_date,

        privacy,

        count(*) filter (where activity_type = 'collection_created')
            as collections_created,
        count(*) filter (where activity_type = 'profile_added_to_collection')
            as profiles_added,
        count(*) filter (where activity_type = 'collection_shared') as shares
    from actions
    group by 1, 2
)

select * from final
