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

        cast(
            dense_rank() over (partition by period order by period_start_date)
            as bigint
        ) as period_number,

        period_start_date,
        next_period_start_date,
        date_day
    from periods
)

select * from final
