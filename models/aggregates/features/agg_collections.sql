with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'collections'
),

actions as (select * from {{ ref('int_collection_actions') }}),

stock_changes as (select * from {{ ref('int_stock_changes') }}),

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
