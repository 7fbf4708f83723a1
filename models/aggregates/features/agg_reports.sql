with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'groups_and_moderation'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

history as (select * from {{ ref('reports_history') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- the oldest known version stands for the time before it
versions as (
    select
        cast(history.report_id as {{ type_text() }}) as report_id,
        coalesce(history.report_reason, 'unknown') as report_reason,
        coalesce(history.status, 'unknown') as report_status,
        row_number() over (
            partition by history.report_id
            order by
                history.dbt_valid_from <= as_of.as_of desc,
                case
                    when history.dbt_valid_from <= as_of.as_of
                        then history.dbt_valid_from
                end desc,
                history.dbt_valid_from
        ) as recency
    from history
    inner join as_of
        on history.created_at <= as_of.as_of
),

filed as (
    select
        activity.metric_date,
        versions.report_reason,
        versions.report_status,
        case
            when reports.reviewed_at <= as_of.as_of
                then
                    {{ seconds_between(
                        'reports.created_at', 'reports.reviewed_at'
                    ) }}
        end as seconds_to_review
    from activity
    inner join reports
        on activity.source_id = cast(reports.report_id as {{ type_text() }})
    inner join versions
        on
            activity.source_id = versions.report_id
            and versions.recency = 1
    cross join as_of
    where activity.activity_type = 'report_filed'
),

counts as (
    select
        metric_date,
        report_reason,
        report_status,
        count(*) as reports,
        percentile_cont(0.5) within group (
            order by seconds_to_review / 3600
        ) as median_hours_to_review
    from filed
    group by 1, 2, 3
),

kinds as (select distinct report_reason, report_status from counts),

final as (
    select
        days.metric_date,

        kinds.report_reason,
        kinds.report_status,

        case when days.is_complete then coalesce(counts.reports, 0) end
            as reports,
        case when days.is_complete then counts.median_hours_to_review end
            as median_hours_to_review,

        days.is_complete
    from days
    cross join kinds
    left join counts
        on
            days.metric_date = counts.metric_date
            and kinds.report_reason = counts.report_reason
            and kinds.report_status = counts.report_status
)

select * from final
