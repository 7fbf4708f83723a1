-- the scores of the last month, whose window ends now, counted once more
with

activity as (select * from {{ ref('fct_user_activity') }}),

activity_types as (select * from {{ ref('activity_types') }}),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

engagement as (
    select
        *,
        month_start_date = max(month_start_date) over () as is_last_month
    from {{ ref('agg_user_engagement') }}
),

recount as (
    select
        activity.user_key,
        count(*) as action_count,
        coalesce(sum(activity_types.engagement_weight), 0) as engagement_score
    from activity
    cross join as_of
    cross join parameters
    left join activity_types
        on activity.activity_type = activity_types.activity_type
    where
        activity.is_own_action
        and activity.occurred_at
        >= as_of.as_of - parameters.engagement_days * interval '24 hours'
    group by activity.user_key
)

select
    engagement.user_key,
    engagement.action_count,
    recount.action_count as recounted_actions,
    engagement.engagement_score,
    recount.engagement_score as recounted_score
from engagement
left join recount
    on engagement.user_key = recount.user_key
where
    engagement.is_last_month
    and (
        engagement.action_count <> coalesce(recount.action_count, 0)
        or engagement.engagement_score <> coalesce(recount.engagement_score, 0)
    )
