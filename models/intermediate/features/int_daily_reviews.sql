with

activity as (select * from {{ ref('int_counted_activity') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

reviews as (
    select
        activity.metric_date,
        activity.occurred_at - reports.created_at as time_to_review
    from activity
    inner join reports
        on activity.source_id = cast(reports.report_id as text)
    where activity.activity_type = 'moderation_review'
),

final as (
    select
        metric_date,

        count(*) as reviewed_reports,
        percentile_cont(0.5) within group (
            order by
                cast(extract(epoch from time_to_review) as double precision)
                / 3600
        ) as median_hours_to_review
    from reviews
    group by 1
)

select * from final
