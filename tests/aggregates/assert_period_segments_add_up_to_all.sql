-- weeks and months: finder and standard users together are all
with

metrics as (
    select
        *,
        case when user_type = 'all' then 1 else -1 end as factor
    from {{ ref('int_period_metrics') }}
),

activity as (
    select
        *,
        case when user_type = 'all' then 1 else -1 end as factor
    from {{ ref('int_period_activity') }}
)

select
    period,
    period_start_date,
    'metrics' as what
from metrics
group by period, period_start_date
having
    sum(factor * signups) <> 0
    or sum(factor * activated_signups) <> 0
    or sum(factor * total_users) <> 0
    or sum(factor * active_users) <> 0
    or sum(factor * retained_users) <> 0
    or sum(factor * new_active_users) <> 0
    or sum(factor * returned_users) <> 0
    or sum(factor * churned_users) <> 0
    or abs(sum(factor * average_dau)) > 0.000001

union all

select
    period,
    period_start_date,
    activity_type as what
from activity
group by period, period_start_date, activity_type
having
    sum(factor * activity_count) <> 0
    or sum(factor * actor_count) <> 0
