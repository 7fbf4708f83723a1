with

dates as (select * from {{ ref('dim_date') }}),

period_days as (select * from {{ ref('int_period_days') }}),

as_of as (select * from {{ ref('int_as_of') }}),

parameters as (select * from {{ ref('activity_parameters') }}),

months as (
    select distinct
        period_days.period_start_date as month_start_date,
        period_days.is_complete,
        as_of.as_of,
        parameters.engagement_days,
        least(
            cast(period_days.next_period_start_date as timestamp)
            at time zone '{{ var("reporting_timezone", "UTC") }}',
            as_of.as_of
        ) as scored_until_at
    from period_days
    cross join as_of
    cross join parameters
    where period_days.period = 'month'
),

-- elapsed time, so that a day is as long in every zone
windows as (
    select
        month_start_date,
        is_complete,
        scored_until_at = as_of as is_closed,
        scored_until_at,
        scored_until_at - engagement_days * interval '24 hours'
            as scored_from_at
    from months
),

final as (
    select
        windows.is_complete,
        windows.is_closed,

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
