-- finder and standard users together are everybody who did it
with

activity as (
    select
        user_key,
        activity_type,
        {{ reporting_date('occurred_at') }} as metric_date
    from {{ ref('fct_user_activity') }}
),

users as (select * from {{ ref('dim_users') }}),

actors as (
    select
        metric_date,
        activity_type,
        sum(activity_count) as activity_count,
        sum(actor_count) as actor_count
    from {{ ref('agg_daily_activity') }}
    where is_complete
    group by metric_date, activity_type
),

recount as (
    select
        activity.metric_date,
        activity.activity_type,
        count(*) as activity_count,
        count(distinct activity.user_key) as actor_count
    from activity
    inner join users
        on activity.user_key = users.user_key
    where {{ is_eligible_user('users') }}
    group by activity.metric_date, activity.activity_type
)

select
    actors.metric_date,
    actors.activity_type,
    actors.activity_count,
    recount.activity_count as recounted_activity_count,
    actors.actor_count,
    recount.actor_count as recounted_actor_count
from actors
left join recount
    on
        actors.metric_date = recount.metric_date
        and actors.activity_type = recount.activity_type
where
    actors.activity_count <> coalesce(recount.activity_count, 0)
    or actors.actor_count <> coalesce(recount.actor_count, 0)
