with

active_days as (select * from {{ ref('int_user_active_days') }}),

period_days as (select * from {{ ref('int_period_days') }}),

active_periods as (
    select distinct
        active_days.user_key,
        active_days.user_type,
        period_days.period,
        period_days.period_number,
        period_days.period_start_date
    from active_days
    inner join period_days
        on active_days.active_date = period_days.date_day
),

compared as (
    select
        user_key,
        user_type,
        period,
        period_number,
        period_start_date,
        lag(period_number) over (
            partition by user_key, period
            order by period_number
        ) as last_active_period_number
    from active_periods
),

final as (
    select
        user_key,

        period,
        user_type,
        case
            when last_active_period_number is null then 'new'
            when last_active_period_number = period_number - 1 then 'retained'
            else 'returned'
        end as activity_status,

        period_number,

        period_start_date
    from compared
)

select * from final
