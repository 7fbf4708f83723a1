-- the running sums of the last known day and of each first of a month, counted
-- once more the slow way
with

as_of as (select * from {{ ref('int_as_of') }}),

accounts as (
    select * from {{ ref('int_eligible_accounts') }}
    where source_system = 'chemlink'
),

collections as (
    select
        collections.collection_id,
        case
            when collections.deleted_at <= as_of.as_of
                then {{ reporting_date('collections.deleted_at') }}
        end as deleted_date
    from {{ ref('stg_chemlink__collections') }} as collections
    inner join accounts
        on
            cast(collections.creator_person_id as {{ type_text() }})
            = accounts.account_id
    cross join as_of
),

shares as (
    select
        collaborators.collection_id,
        accounts.user_key,
        {{ reporting_date('collaborators.created_at') }} as shared_date,
        case
            when collaborators.deleted_at <= as_of.as_of
                then {{ reporting_date('collaborators.deleted_at') }}
        end as deleted_date
    from {{ ref('stg_chemlink__collection_collaborators') }} as collaborators
    inner join accounts
        on
            cast(collaborators.collaborator_person_id as {{ type_text() }})
            = accounts.account_id
    inner join as_of
        on collaborators.created_at <= as_of.as_of
),

metrics as (
    select
        *,
        metric_date = max(metric_date) over ()
        or extract(day from metric_date) = 1 as is_checked
    from {{ ref('agg_collections') }}
    where is_complete
),

recount as (
    select
        metrics.metric_date,
        metrics.privacy,
        metrics.live_collections,
        metrics.collaborators,
        count(distinct collections.collection_id) as recounted_collections,
        count(distinct shares.user_key) as recounted_collaborators
    from metrics
    cross join as_of
    left join {{ ref('int_collection_versions') }} as versions
        on
            metrics.privacy = versions.privacy
            and metrics.metric_date
            >= {{ reporting_date('versions.valid_from_at') }}
            and (
                versions.valid_until_at is null
                or metrics.metric_date
                < {{ reporting_date('versions.valid_until_at') }}
            )
    left join collections
        on
            versions.collection_id = collections.collection_id
            and (
                collections.deleted_date is null
                or metrics.metric_date < collections.deleted_date
            )
    left join shares
        on
            collections.collection_id = shares.collection_id
            and metrics.metric_date >= shares.shared_date
            and (
                shares.deleted_date is null
                or metrics.metric_date < shares.deleted_date
            )
    where metrics.is_checked
    group by 1, 2, 3, 4
)

select
    metric_date,
    privacy,
    live_collections,
    recounted_collections,
    collaborators,
    recounted_collaborators
from recount
where
    live_collections <> recounted_collections
    or collaborators <> recounted_collaborators
