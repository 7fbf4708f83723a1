-- everybody active is new, retained or returned, and everybody active in the
-- period before is retained or churned
with

metrics as (
    select
        *,
        lag(active_users) over (
            partition by period, user_type
            order by period_start_date
        ) as previous_active_users
    from {{ ref('int_period_metrics') }}
)

select
    period,
    period_start_date,
    user_type,
    active_users,
    new_active_users,
    retained_users,
    returned_users,
    churned_users,
    previous_active_users
from metrics
where
    active_users <> new_active_users + retained_users + returned_users
    or retained_users + churned_users <> coalesce(previous_active_users, 0)
    or average_dau > active_users
    or activated_signups > signups
