with

dates as (select * from {{ ref('dim_date') }}),

periods as (
    select
        'week' as period,
        week_start_date as period_start_date,
        week_start_date + 7 as next_period_start_date,
        date_day
    from dates

    union all

    select
        'month' as period,
        month_start_date as period_start_date,
        cast(month_start_date + interval '1 month' as date)
            as next_period_start_date,
        date_day
    from dates
),

final as (
    select
        period,

        dense_rank() over (partition by period order by period_start_date)
            as period_number,

        -- the spine ends with the day of `int_as_of`, so whoever has a day
        -- beyond the period has seen all of it
        next_period_start_date <= max(date_day) over () as is_complete,

        period_start_date,
        next_period_start_date,
        date_day
    from periods
)

select * from final
