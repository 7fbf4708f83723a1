with

steps as (select * from {{ ref('int_funnel_steps') }}),

funnel as (
    select
        *,
        lag(users) over (
            partition by cohort_month_start_date
            order by step_number
        ) as previous_users,
        count(*) over (partition by cohort_month_start_date) as step_count
    from {{ ref('agg_activation_funnel') }}
)

select
    cohort_month_start_date,
    step,
    user_key as who,
    'no step without the one before, nor before it' as broken
from steps
where
    reached_at is not null
    and step_number > 1
    and (previous_reached_at is null or previous_reached_at > reached_at)

union all

select
    cohort_month_start_date,
    step,
    'cohort' as who,
    'no more users than in the step before, in seven steps' as broken
from funnel
where
    users > previous_users
    or step_count <> 7
    or median_hours_from_previous < 0
