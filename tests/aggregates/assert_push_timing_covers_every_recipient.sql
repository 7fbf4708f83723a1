-- a gap between buckets of the seed loses recipients, an overlap doubles them
with

timing as (
    select
        metric,
        dimension,
        sum(recipients) as recipients
    from {{ ref('agg_push_timing') }}
    group by metric, dimension
),

sums as (
    select
        metric,
        sum(recipients) as recipients
    from {{ ref('int_push_window_sums') }}
    group by metric
)

select
    timing.metric,
    timing.dimension,
    timing.recipients,
    sums.recipients as included_recipients
from timing
full join sums
    on timing.metric = sums.metric
where coalesce(timing.recipients, 0) <> coalesce(sums.recipients, 0)
