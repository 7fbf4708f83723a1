with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'collections'
),

stock_changes as (select * from {{ ref('int_stock_changes') }}),

activity as (select * from {{ ref('int_eligible_activity') }}),

collections as (select * from {{ ref('stg_chemlink__collections') }}),

profiles as (select * from {{ ref('stg_chemlink__collection_profiles') }}),

collaborators as (
    select * from {{ ref('stg_chemlink__collection_collaborators') }}
),

-- a far end instead of none: an `or` would make the outer join a nested loop
versions as (
    select
        collection_id,
        privacy,
        {{ reporting_date('valid_from_at') }} as valid_from_date,
        coalesce(
            {{ reporting_date('valid_until_at') }}, cast('9999-12-31' as date)
        ) as valid_until_date
    from {{ ref('int_collection_versions') }}
),

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

dated_actions as (
    select
        activity.metric_date,
        activity.activity_type,
        coalesce(versions.privacy, 'unknown') as privacy
    from activity
    inner join source_rows
        on
            activity.source_table = source_rows.source_table
            and activity.source_id
            = cast(source_rows.source_id as {{ type_text() }})
    left join versions
        on
            source_rows.collection_id = versions.collection_id
            and activity.metric_date >= versions.valid_from_date
            and activity.metric_date < versions.valid_until_date
),

actions as (
    select
        metric_date,
        privacy,
        count(*) filter (where activity_type = 'collection_created')
            as collections_created,
        count(*) filter (where activity_type = 'profile_added_to_collection')
            as profiles_added,
        count(*) filter (where activity_type = 'collection_shared') as shares
    from dated_actions
    group by 1, 2
),

changes as (
    select
        days.metric_date,
        days.is_complete,
        segments.privacy,
        coalesce(actions.collections_created, 0) as collections_created,
        coalesce(actions.profiles_added, 0) as profiles_added,
        coalesce(actions.shares, 0) as shares,
        coalesce(collaborator_changes.stock_change, 0) as collaborator_change,
        coalesce(collection_changes.stock_change, 0) as collection_change
    from days
    cross join
        (values ('public'), ('private'), ('unknown'))
            as segments (privacy)
    left join actions
        on
            days.metric_date = actions.metric_date
            and segments.privacy = actions.privacy
    left join stock_changes as collaborator_changes
        on
            days.metric_date = collaborator_changes.changed_date
            and segments.privacy = collaborator_changes.segment
            and collaborator_changes.stock = 'collaborators'
    left join stock_changes as collection_changes
        on
            days.metric_date = collection_changes.changed_date
            and segments.privacy = collection_changes.segment
            and collection_changes.stock = 'collections'
),

final as (
    select
        metric_date,

        privacy,

        case when is_complete then collections_created end
            as collections_created,
        case when is_complete then profiles_added end as profiles_added,
        case when is_complete then shares end as shares,
        case
            when is_complete
                then cast(sum(collaborator_change) over running as bigint)
        end as collaborators,
        case
            when is_complete
                then cast(sum(collection_change) over running as bigint)
        end as live_collections,

        is_complete
    from changes
    window running as (partition by privacy order by metric_date)
)

select * from final
