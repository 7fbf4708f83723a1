with

period_days as (select * from {{ ref('int_period_days') }}),

coverage as (select * from {{ ref('int_data_coverage') }}),

periods as (
    select distinct
        period,
        period_number,
        period_start_date,
        next_period_start_date
    from period_days
),

final as (
    select
        periods.period,

        periods.period_number,

        coalesce(periods.period_start_date >= activity.tracked_from_date, true)
            as is_tracked,
        coalesce(
            periods.next_period_start_date <= activity.open_from_date, false
        ) as is_complete,
        coalesce(
            periods.next_period_start_date <= signups.open_from_date, false
        ) as is_signup_complete,

        periods.period_start_date,
        periods.next_period_start_date
    from periods
    inner join coverage as activity
        on activity.subject = 'activity'
    inner join coverage as signups
        on signups.subject = 'signups'
)

select * from final
