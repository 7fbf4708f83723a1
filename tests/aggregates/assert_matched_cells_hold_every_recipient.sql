-- recipients whom nobody can be matched with are there too
with

recipient_counts as (
    select * from {{ ref('int_push_recipient_counts') }}
),

metrics as (select distinct metric from {{ ref('push_metrics') }}),

cells as (
    select * from {{ ref('int_push_matched_cells') }}
    where arm in ('recipient', 'overlapping')
),

counted as (
    select
        campaign_key,
        metric,
        sum(user_count) as recipients
    from cells
    group by campaign_key, metric
)

select
    recipient_counts.campaign_key,
    metrics.metric,
    recipient_counts.n_included,
    counted.recipients
from recipient_counts
cross join metrics
left join counted
    on
        recipient_counts.campaign_key = counted.campaign_key
        and metrics.metric = counted.metric
where recipient_counts.n_included <> coalesce(counted.recipients, 0)
