with

by_status as (
    select
        metric_date,
        sum(reports) as reports
    from {{ ref('agg_reports') }}
    group by metric_date
),

daily as (select * from {{ ref('agg_groups_and_moderation') }})

select
    daily.metric_date,
    daily.reports,
    by_status.reports as reports_by_status
from daily
left join by_status
    on daily.metric_date = by_status.metric_date
where coalesce(daily.reports, 0) <> coalesce(by_status.reports, 0)
