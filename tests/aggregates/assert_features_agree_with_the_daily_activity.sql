-- an activity counts the same in its own mart as among all activities
with

content as (
    select
        metric_date,
        sum(posts) as posts
    from {{ ref('agg_content') }}
    group by metric_date
),

finder as (select * from {{ ref('agg_finder') }}),

collections as (
    select
        metric_date,
        sum(collections_created) as collections_created,
        sum(profiles_added) as profiles_added,
        sum(shares) as shares
    from {{ ref('agg_collections') }}
    group by metric_date
),

groups as (select * from {{ ref('agg_groups_and_moderation') }}),

messaging as (select * from {{ ref('agg_messaging') }}),

logins as (select * from {{ ref('agg_logins') }}),

assistant as (select * from {{ ref('agg_assistant_daily') }}),

daily_activity as (
    select
        metric_date,
        activity_type,
        sum(activity_count) as activity_count
    from {{ ref('agg_daily_activity') }}
    group by metric_date, activity_type
),

by_feature as (
    select metric_date, 'post' as activity_type, posts as activity_count
    from content
    union all
    select metric_date, 'vote' as activity_type, votes from finder
    union all
    select
        metric_date,
        'collection_created' as activity_type,
        collections_created
    from collections
    union all
    select
        metric_date,
        'profile_added_to_collection' as activity_type,
        profiles_added
    from collections
    union all
    select metric_date, 'collection_shared' as activity_type, shares
    from collections
    union all
    select metric_date, 'group_created' as activity_type, groups_created
    from groups
    union all
    select metric_date, 'mention' as activity_type, mentions from groups
    union all
    select metric_date, 'report_filed' as activity_type, reports from groups
    union all
    select metric_date, 'moderation_review' as activity_type, reviewed_reports
    from groups
    union all
    select metric_date, 'message_sent' as activity_type, messages from messaging
    union all
    select metric_date, 'login' as activity_type, logins from logins
    union all
    select
        metric_date,
        'conversation_started' as activity_type,
        assistant_conversations
    from assistant
    union all
    select metric_date, 'result_made' as activity_type, results_made
    from assistant
    union all
    select metric_date, 'result_downloaded' as activity_type, results_downloaded
    from assistant
    union all
    select metric_date, 'result_shared' as activity_type, results_shared
    from assistant
),

activity_types as (select distinct activity_type from by_feature)

select
    coalesce(by_feature.metric_date, daily_activity.metric_date) as metric_date,
    coalesce(by_feature.activity_type, daily_activity.activity_type)
        as activity_type,
    by_feature.activity_count as of_feature,
    daily_activity.activity_count as of_daily_activity
from by_feature
full outer join daily_activity
    on
        by_feature.metric_date = daily_activity.metric_date
        and by_feature.activity_type = daily_activity.activity_type
where
    coalesce(by_feature.activity_count, 0)
    <> coalesce(daily_activity.activity_count, 0)
    and coalesce(by_feature.activity_type, daily_activity.activity_type)
    in (select activity_types.activity_type from activity_types)
