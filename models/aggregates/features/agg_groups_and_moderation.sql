with

days as (
    select * from {{ ref('int_feature_days') }}
    where feature = 'groups_and_moderation'
),

activity as (select * from {{ ref('int_eligible_activity') }}),

group_members as (select * from {{ ref('stg_engagement__group_members') }}),

groups as (select * from {{ ref('stg_engagement__groups') }}),

accounts as (select * from {{ ref('int_eligible_accounts') }}),

as_of as (select * from {{ ref('int_as_of') }}),

reports as (select * from {{ ref('stg_engagement__reports') }}),

reviews as (
    select
        activity.metric_date,
        {{ seconds_between('reports.created_at', 'activity.occurred_at') }}
            as seconds_to_review
    from activity
    inner join reports
        on activity.source_id = cast(reports.report_id as {{ type_text() }})
    where activity.activity_type = 'moderation_review'
),

daily_reviews as (
    select
        metric_date,
        count(*) as reviewed_reports,
        percentile_cont(0.5) within group (
            order by seconds_to_review / 3600
        ) as median_hours_to_review
    from reviews
    group by 1
),

memberships as (
    select
        {{ reporting_date('group_members.created_at') }} as metric_date,
        1 as joins,
        0 as confirmed_joins
    from group_members
    inner join accounts
        on
            accounts.source_system = 'engagement'
            and cast(group_members.person_id as {{ type_text() }})
            = accounts.account_id
    inner join as_of
        on group_members.created_at <= as_of.as_of
    left join groups
        on group_members.group_id = groups.group_id
    where groups.deleted_at is null or groups.deleted_at > as_of.as_of

    union all

    -- where nothing is ever confirmed, a join is no confirmation
    select
        activity.metric_date,
        0 as joins,
        1 as confirmed_joins
    from activity
    inner join group_members
        on
            activity.source_id
            = cast(group_members.group_member_id as {{ type_text() }})
    inner join as_of
        on group_members.confirmed_at <= as_of.as_of
    where activity.activity_type = 'group_joined'
),

daily_joins as (
    select
        metric_date,
        cast(sum(joins) as bigint) as joins,
        cast(sum(confirmed_joins) as bigint) as confirmed_joins
    from memberships
    group by 1
),

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
