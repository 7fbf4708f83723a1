with

dates as (select * from {{ ref('dim_date') }}),

months as (
    select * from {{ ref('int_periods') }}
    where period = 'month'
),

coverage as (
    select * from {{ ref('int_data_coverage') }}
    where subject = 'activity'
),

parameters as (select * from {{ ref('activity_parameters') }}),

timed as (
    select
        months.period_start_date as month_start_date,
        months.is_complete,
        coverage.tracked_from_at,
        parameters.engagement_days,
        least(
            {{ day_start('months.next_period_start_date') }},
            coverage.known_until_at
        ) as scored_until_at
    from months
    cross join coverage
    cross join parameters
    where months.period_start_date < coverage.open_from_date
),

-- elapsed time, so that a day is as long in every zone
windows as (
    select
        month_start_date,
        is_complete,
        tracked_from_at,
        scored_until_at,
        scored_until_at - engagement_days * interval '24 hours'
            as scored_from_at
    from timed
),

final as (
    select
        coalesce(windows.scored_from_at >= windows.tracked_from_at, true)
            as is_tracked,
        windows.is_complete,

        windows.month_start_date,
        dates.date_day,

        windows.scored_from_at,
        windows.scored_until_at
    from windows
    inner join dates
        on
            dates.date_day
            between {{ reporting_date('windows.scored_from_at') }}
            and {{ reporting_date('windows.scored_until_at') }}
)

select * from final
