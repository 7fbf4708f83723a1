with

users as (select * from {{ ref('dim_users') }}),

period_days as (select * from {{ ref('int_period_days') }}),

active_periods as (select * from {{ ref('int_user_active_periods') }}),

signups as (
    select
        users.user_key,
        {{ reporting_date('users.signup_at') }} as signup_date
    from users
    where
        users.signup_at is not null
        and {{ is_counted_user('users') }}
),

cohorts as (
    select
        signups.user_key,
        period_days.period,
        period_days.period_number as cohort_number,
        period_days.period_start_date as cohort_start_date
    from signups
    inner join period_days
        on signups.signup_date = period_days.date_day
),

final as (
    select
        cohorts.period as cohort_period,

        active_periods.period_number - cohorts.cohort_number
            as periods_since_signup,
        count(*) as active_users,

        cohorts.cohort_start_date
    from cohorts
    inner join active_periods
        on
            cohorts.user_key = active_periods.user_key
            and cohorts.period = active_periods.period
            and cohorts.cohort_number <= active_periods.period_number
    group by 1, 2, 4
)

select * from final
