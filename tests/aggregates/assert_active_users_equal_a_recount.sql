-- the running sums of the last day, counted once more the slow way
with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

metrics as (
    select
        *,
        max(metric_date) over () as last_date
    from {{ ref('agg_daily_metrics') }}
    where user_type = 'all'
),

last_day as (
    select * from metrics
    where metric_date = last_date
),

active_days as (
    select
        activity.user_key,
        {{ reporting_date('activity.occurred_at') }} as active_date
    from activity
    inner join users
        on activity.user_key = users.user_key
    where activity.is_own_action and {{ is_counted_user('users') }}
),

recount as (
    select
        last_day.metric_date,
        count(distinct active_days.user_key) as mau,
        count(distinct active_days.user_key) filter (
            where active_days.active_date > last_day.metric_date - 7
        ) as wau,
        count(distinct active_days.user_key) filter (
            where active_days.active_date = last_day.metric_date
        ) as dau
    from last_day
    inner join active_days
        on active_days.active_date > last_day.metric_date - 30
    group by last_day.metric_date
)

select
    last_day.metric_date,
    last_day.dau,
    recount.dau as recounted_dau,
    last_day.wau,
    recount.wau as recounted_wau,
    last_day.mau,
    recount.mau as recounted_mau
from last_day
inner join recount
    on last_day.metric_date = recount.metric_date
where
    last_day.dau <> recount.dau
    or last_day.wau <> recount.wau
    or last_day.mau <> recount.mau
