-- the running sums of the last known day and of each first of a month, counted
-- once more the slow way
with

activity as (select * from {{ ref('fct_user_activity') }}),

users as (select * from {{ ref('dim_users') }}),

metrics as (
    select
        metric_date as date_day,
        sum(dau) as dau,
        sum(wau) as wau,
        sum(mau) as mau,
        metric_date = max(metric_date) over ()
        or extract(day from metric_date) = 1 as is_checked
    from {{ ref('agg_daily_metrics') }}
    where is_complete
    group by metric_date
),

active_days as (
    select distinct
        activity.user_key,
        {{ reporting_date('activity.occurred_at') }} as active_date
    from activity
    inner join users
        on activity.user_key = users.user_key
    where activity.is_own_action and {{ is_eligible_user('users') }}
),

recount as (
    select
        metrics.date_day,
        count(distinct active_days.user_key) as mau,
        count(distinct active_days.user_key) filter (
            where active_days.active_date > metrics.date_day - 7
        ) as wau,
        count(distinct active_days.user_key) filter (
            where active_days.active_date = metrics.date_day
        ) as dau
    from metrics
    left join active_days
        on
            metrics.date_day >= active_days.active_date
            and metrics.date_day < active_days.active_date + 30
    where metrics.is_checked
    group by metrics.date_day
)

select
    recount.date_day,
    metrics.dau,
    recount.dau as recounted_dau,
    metrics.wau,
    recount.wau as recounted_wau,
    metrics.mau,
    recount.mau as recounted_mau
from recount
inner join metrics
    on recount.date_day = metrics.date_day
where
    metrics.dau is distinct from recount.dau
    or metrics.wau is distinct from recount.wau
    or metrics.mau is distinct from recount.mau
