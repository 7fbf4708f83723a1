-- the size of a cohort never changes, and is the sign-ups of its week or month
with

cohorts as (
    select
        cohort_period,
        cohort_start_date,
        min(cohort_size) as smallest_size,
        max(cohort_size) as largest_size
    from {{ ref('agg_cohort_retention') }}
    group by cohort_period, cohort_start_date
),

signups as (
    select
        period,
        period_start_date,
        sum(signups) as signups
    from {{ ref('int_period_metrics') }}
    group by period, period_start_date
    having sum(signups) > 0
)

select
    signups.period,
    signups.period_start_date,
    signups.signups,
    cohorts.smallest_size,
    cohorts.largest_size
from signups
full outer join cohorts
    on
        signups.period = cohorts.cohort_period
        and signups.period_start_date = cohorts.cohort_start_date
where
    signups.signups is distinct from cohorts.smallest_size
    or signups.signups is distinct from cohorts.largest_size
