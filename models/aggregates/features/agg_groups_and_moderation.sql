with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'groups_and_moderation'
),

activity as (select * from {{ ref('int_counted_activity') }}),

daily_joins as (select * from {{ ref('int_daily_joins') }}),

daily_reviews as (select * from {{ ref('int_daily_reviews') }}),

daily_activity as (
    select
        metric_date,
        count(*) filter (where activity_type = 'group_created')
            as groups_created,
        count(*) filter (where activity_type = 'mention') as mentions,
        count(*) filter (where activity_type = 'report_filed') as reports
    from activity
    where activity_type in ('group_created', 'mention', 'report_filed')
    group by 1
),

final as (
    select
        days.metric_date,

        case
            when days.is_complete
                then coalesce(daily_activity.groups_created, 0)
        end as groups_created,
        case when days.is_complete then coalesce(daily_joins.joins, 0) end
            as joins,
        case
            when days.is_complete
                then coalesce(daily_joins.confirmed_joins, 0)
        end as confirmed_joins,
        case when days.is_complete then coalesce(daily_activity.mentions, 0) end
            as mentions,
        case when days.is_complete then coalesce(daily_activity.reports, 0) end
            as reports,
        case
            when days.is_complete
                then coalesce(daily_reviews.reviewed_reports, 0)
        end as reviewed_reports,
        case when days.is_complete then daily_reviews.median_hours_to_review end
            as median_hours_to_review,

        days.is_complete
    from days
    left join daily_activity
        on days.metric_date = daily_activity.metric_date
    left join daily_joins
        on days.metric_date = daily_joins.metric_date
    left join daily_reviews
        on days.metric_date = daily_reviews.metric_date
)

select * from final
