-- the scores of the last month, counted once more
with

activity as (select * from {{ ref('fct_user_activity') }}),

activity_types as (select * from {{ ref('activity_types') }}),

users as (select * from {{ ref('dim_users') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

months as (
    select
        *,
        month_start_date = max(month_start_date) over () as is_last_month
    from {{ ref('agg_user_engagement') }}
),

engagement as (
    select * from months
    where is_last_month
),

last_window as (
    select distinct
        engagement.scored_until_at,
        engagement.scored_until_at
        - parameters.engagement_days * interval '24 hours' as scored_from_at
    from engagement
    cross join parameters
),

recount as (
    select
        activity.user_key,
        count(*) as action_count,
        coalesce(sum(activity_types.engagement_weight), 0) as engagement_score
    from activity
    inner join users
        on activity.user_key = users.user_key
    inner join last_window
        on
            activity.occurred_at >= last_window.scored_from_at
            and activity.occurred_at < last_window.scored_until_at
    left join activity_types
        on activity.activity_type = activity_types.activity_type
    where
        activity.is_own_action
        and {{ is_eligible_user('users') }}
    group by activity.user_key
)

-- who was counted anew and is not in the mart is missing there
select
    coalesce(engagement.user_key, recount.user_key) as user_key,
    engagement.action_count,
    recount.action_count as recounted_actions,
    engagement.engagement_score,
    recount.engagement_score as recounted_score
from engagement
full outer join recount
    on engagement.user_key = recount.user_key
where
    engagement.user_key is null
    or engagement.action_count <> coalesce(recount.action_count, 0)
    or engagement.engagement_score <> coalesce(recount.engagement_score, 0)
