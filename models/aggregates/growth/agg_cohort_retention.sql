with

period_days as (select * from {{ ref('int_period_days') }}),

daily_signups as (select * from {{ ref('int_daily_signups') }}),

periods as (select * from {{ ref('int_periods') }}),

users as (select * from {{ ref('dim_users') }}),

active_periods as (select * from {{ ref('int_user_active_periods') }}),

signups as (
    select
        users.user_key,
        {{ reporting_date('users.signup_at') }} as signup_date
    from users
    where
        users.signup_at is not null
        and {{ is_eligible_user('users') }}
),

cohort_users as (
    select
        signups.user_key,
        period_days.period,
        period_days.period_number as cohort_number,
        period_days.period_start_date as cohort_start_date
    from signups
    inner join period_days
        on signups.signup_date = period_days.date_day
),

cohort_activity as (
    select
        cohort_users.period as cohort_period,
        active_periods.period_number - cohort_users.cohort_number
            as periods_since_signup,
        count(*) as active_users,
        cohort_users.cohort_start_date
    from cohort_users
    inner join active_periods
        on
            cohort_users.user_key = active_periods.user_key
            and cohort_users.period = active_periods.period
            and cohort_users.cohort_number <= active_periods.period_number
    group by 1, 2, 4
),

cohorts as (
    select
        period_days.period,
        period_days.period_number,
        period_days.period_start_date,
        cast(sum(daily_signups.signups) as bigint) as cohort_size
    from daily_signups
    inner join period_days
        on daily_signups.signup_date = period_days.date_day
    group by 1, 2, 3
),

cells as (
    select
        cohorts.period as cohort_period,
        cohorts.period_start_date as cohort_start_date,
        periods.period_number - cohorts.period_number as periods_since_signup,
        case when began.is_signup_complete then cohorts.cohort_size end
            as cohort_size,
        periods.is_tracked,
        periods.is_complete as is_mature
    from cohorts
    inner join periods as began
        on
            cohorts.period = began.period
            and cohorts.period_number = began.period_number
    inner join periods
        on
            cohorts.period = periods.period
            and cohorts.period_number <= periods.period_number
),

final as (
    select
        cells.cohort_period,

        cells.periods_since_signup,
        cells.cohort_size,
        -- a period that is not over would look like churn
        case
            when cells.is_mature then coalesce(cohort_activity.active_users, 0)
        end as active_users,
        case
            when cells.is_mature
                then
                    cast(
                        coalesce(cohort_activity.active_users, 0)
                        as {{ type_double() }}
                    ) / cells.cohort_size
        end as cohort_retention_share,

        cells.is_tracked,
        cells.is_mature,

        cells.cohort_start_date
    from cells
    left join cohort_activity
        on
            cells.cohort_period = cohort_activity.cohort_period
            and cells.cohort_start_date = cohort_activity.cohort_start_date
            and cells.periods_since_signup
            = cohort_activity.periods_since_signup
)

select * from final
