with

by_status as (
    select
        metric_date,
        sum(reports) as reports
    from {{ ref('agg_reports') }}
    group by metric_date
),

daily as (
    select * from {{ ref('agg_groups_and_moderation') }}
    where reports > 0
)

select
    coalesce(daily.metric_date, by_status.metric_date) as metric_date,
    daily.reports,
    by_status.reports as reports_by_status
from daily
full outer join by_status
    on daily.metric_date = by_status.metric_date
where daily.reports is distinct from by_status.reports
