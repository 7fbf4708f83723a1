-- a collaborator of several kinds of collections counts once in all
with

kinds as (
    select
        metric_date,
        sum(collections_created) as collections_created,
        sum(profiles_added) as profiles_added,
        sum(shares) as shares,
        sum(live_collections) as live_collections,
        sum(collaborators) as most_collaborators,
        max(collaborators) as fewest_collaborators
    from {{ ref('agg_collections') }}
    where privacy <> 'all'
    group by metric_date
),

totals as (
    select * from {{ ref('agg_collections') }}
    where privacy = 'all'
)

select
    totals.metric_date,
    totals.collections_created,
    totals.profiles_added,
    totals.shares,
    totals.live_collections,
    totals.collaborators
from totals
left join kinds
    on totals.metric_date = kinds.metric_date
where
    totals.collections_created is distinct from kinds.collections_created
    or totals.profiles_added is distinct from kinds.profiles_added
    or totals.shares is distinct from kinds.shares
    or totals.live_collections is distinct from kinds.live_collections
    or totals.collaborators > kinds.most_collaborators
    or totals.collaborators < kinds.fewest_collaborators
