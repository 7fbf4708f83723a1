with

activity as (select * from {{ ref('int_counted_activity') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

versions as (
    select * from {{ ref('int_report_versions') }}
    where valid_until_at is null
),

as_of as (select * from {{ ref('int_as_of') }}),

filed as (
    select
        activity.metric_date,
        versions.report_reason,
        versions.report_status,
        case
            when reports.reviewed_at <= as_of.as_of
                then reports.reviewed_at - reports.created_at
        end as time_to_review
    from activity
    inner join reports
        on activity.source_id = cast(reports.report_id as text)
    inner join versions
        on activity.source_id = versions.report_id
    cross join as_of
    where activity.activity_type = 'report_filed'
),

final as (
    select
        metric_date,

        report_reason,
        report_status,

        count(*) as reports,
        percentile_cont(0.5) within group (
            order by
                cast(extract(epoch from time_to_review) as double precision)
                / 3600
        ) as median_hours_to_review
    from filed
    group by 1, 2, 3
)

select * from final
