-- distinct users of each week and month, counted once more from the events
with

activity as (
    select
        user_key,
        {{ reporting_date('occurred_at') }} as active_date
    from {{ ref('fct_user_activity') }}
    where is_own_action
),

users as (select * from {{ ref('dim_users') }}),

metrics as (
    select
        period,
        period_start_date,
        sum(active_users) as active_users
    from {{ ref('int_period_metrics') }}
    where is_complete
    group by 1, 2
),

kinds as (
    select 'week' as period
    union all
    select 'month' as period
),

recount as (
    select
        kinds.period,
        cast(date_trunc(kinds.period, activity.active_date) as date)
            as period_start_date,
        count(distinct activity.user_key) as active_users
    from activity
    inner join users
        on activity.user_key = users.user_key
    cross join kinds
    where {{ is_eligible_user('users') }}
    group by 1, 2
)

select
    metrics.period,
    metrics.period_start_date,
    metrics.active_users,
    recount.active_users as recounted_users
from metrics
left join recount
    on
        metrics.period = recount.period
        and metrics.period_start_date = recount.period_start_date
where
    metrics.active_users <> coalesce(recount.active_users, 0)
